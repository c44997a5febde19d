import { expect, test } from 'vitest';

import { checkConfiguration } from '#host/configuration/check-configuration.ts';

const id = '11111111-1111-4111-8111-111111111111';

function configurationWith(rules: Record<string, unknown>, metaverse: unknown = {}): string {
  const connection = { url: 'ldapi://%2Frun%2Fldapi', authentication: { method: 'external' } };
  const partitions = [{ dn: 'dc=fabrikam,dc=lab' }];
  const agent = { kind: 'ldap', id, name: 'HR', connection, partitions, project: true, ...rules };
  return JSON.stringify({ version: 1, agents: [agent], metaverse });
}

test('rules with expressions, a filter and provisioning are a correct configuration', () => {
  const text = configurationWith(
    {
      filter: [{ conditions: [{ attribute: 'title', operator: 'is-present' }] }],
      flow: [{ expression: 'object.givenName + " " + object.sn', person: 'displayName' }],
      exportFlow: [{ person: 'displayName', connector: 'cn' }],
      provision: { dn: '"uid=" + object.uid + ",dc=fabrikam,dc=lab"', objectClasses: ['inetOrgPerson'] },
    },
    { deletionRule: { kind: 'any-of', agents: [id] } },
  );
  expect(checkConfiguration(text).mistakes).toEqual([]);
});

test.each([
  [
    'an expression that is none',
    { flow: [{ expression: 'object.sn +', person: 'sn' }] },
    'agents[0].flow[0].expression',
    /CEL/,
  ],
  [
    'a provisioning rule that is none',
    { provision: { dn: 'uid', objectClasses: ['person'] } },
    'agents[0].provision.dn',
    /CEL/,
  ],
  ['a flow from nowhere', { flow: [{ person: 'sn' }] }, 'agents[0].flow[0]', /./],
  [
    'a flow from two places',
    { exportFlow: [{ person: 'sn', expression: 'object.sn', connector: 'sn' }] },
    'agents[0].exportFlow[0]',
    /./,
  ],
  [
    'a condition without a value',
    { filter: [{ conditions: [{ attribute: 'title', operator: 'equals' }] }] },
    'agents[0].filter[0].conditions[0].value',
    /./,
  ],
])('%s is refused at its place', (_, rules, path, fix) => {
  const { configuration, mistakes } = checkConfiguration(configurationWith(rules));
  expect(configuration).toBeUndefined();
  expect(mistakes).toMatchObject([{ severity: 'error', path, fix: expect.stringMatching(fix) }]);
});

test('a deletion rule or precedence that names no agent is refused', () => {
  const other = '22222222-2222-4222-8222-222222222222';
  const metaverse = {
    precedence: [{ attribute: 'mail', agents: [id, other] }],
    deletionRule: { kind: 'any-of', agents: [other] },
  };
  const { mistakes } = checkConfiguration(configurationWith({}, metaverse));
  expect(mistakes.map(({ path }) => path)).toEqual([
    'metaverse.precedence[0].agents[1]',
    'metaverse.deletionRule.agents[0]',
  ]);
});
