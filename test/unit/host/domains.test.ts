import { expect, test } from 'vitest';

import { Domains } from '#host/sso/domains.ts';
import { agentSchema } from '#shared/model/agent.ts';

/** Parsed anew, as every change of the configuration does. */
const agentAt = (url: string) =>
  agentSchema.parse({
    id: 'a3f1c2d4-0b1e-4c57-8a43-6a5b1f0f9c01',
    name: 'ADMA',
    kind: 'active-directory',
    connection: { url, authentication: { method: 'simple', user: 'svc@fabrikam.lab' } },
    partitions: [{ dn: 'DC=fabrikam,DC=lab' }],
  });

test('a change of the configuration that leaves the agent as it is keeps its connection', async () => {
  let agents = [agentAt('ldaps://dc1.fabrikam.lab')];
  const domains = new Domains(
    () => agents,
    () => Promise.reject(new Error('Nobody signs in')),
  );
  const first = domains.all;
  agents = [agentAt('ldaps://dc1.fabrikam.lab')];
  expect(domains.all).toBe(first);
  agents = [agentAt('ldaps://dc2.fabrikam.lab')];
  expect(domains.all).not.toBe(first);
  expect(domains.all.map(({ name }) => name)).toEqual(['FABRIKAM']);
  await domains.close();
});
