import { afterEach, beforeEach, expect, test } from 'vitest';

import { previewOf } from '#identity/preview.ts';
import type { Agent } from '#shared/model/agent.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

const provision = { dn: '"uid=" + object.uid + ",DC=target"', objectClasses: ['person'] };

let source: Agent;
let target: Agent;
let world: IdentityWorld;

beforeEach(() => {
  source = draftAgent({ name: 'source', project: true, flow: ['uid=uid', 'mail=mail'] });
  const exportFlow = [{ person: 'mail', connector: 'mail' }];
  target = draftAgent({ name: 'target', rules: { exportFlow, provision } });
  world = new IdentityWorld([source, target]);
});
afterEach(() => world.close());

function preview(anchor: string, draft?: Agent) {
  const object = world.find(source, anchor);
  return previewOf(object?.id ?? 0, world.identity, draft);
}

test('a preview shows the person, the link and the writes of a new object, and does none of it', async () => {
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'], mail: ['ann@x'] });
  await world.run(source, 'full-import-stage-only');
  const shown = await preview('s');
  expect(shown).toMatchObject({
    before: { state: 'disconnector' },
    after: { state: 'connector', link: 'projection' },
    person: { before: {}, after: { uid: ['ann'], mail: ['ann@x'] } },
    staged: [{ operation: 'add', dn: 'uid=ann,DC=target', changes: { mail: ['ann@x'] } }],
    statistics: { projections: 1, provisioningAdds: 1 },
  });
  expect(world.find(source, 's')).toMatchObject({ state: 'disconnector', pending: 'add' });
  expect(world.persons.count()).toBe(0);
  expect(world.exports.counts(target.id)).toEqual({ add: 0, update: 0, delete: 0 });
});

test('a rule can be tried on a real object before it is kept', async () => {
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'], mail: ['ann@x'] });
  await world.run(source, 'full-import-full-sync');
  const flow = [
    { connector: 'uid', person: 'uid' },
    { expression: 'object.mail.upper()', person: 'mail' },
  ];
  const shown = await preview('s', { ...source, flow });
  expect([shown.person.before, shown.person.after]).toEqual([
    { uid: ['ann'], mail: ['ann@x'] },
    { uid: ['ann'], mail: ['ANN@X'] },
  ]);
  expect(world.persons.search('ann', 1)[0]?.attributes).toMatchObject({ mail: ['ann@x'] });
});

test('a failing rule is shown as the error that it would be', async () => {
  world.directory(source).set('s', 'CN=s,DC=source', { uid: ['ann'] });
  await world.run(source, 'full-import-full-sync');
  const flow = [{ expression: 'object.uid.substring(99)', person: 'uid' }];
  const shown = await preview('s', { ...source, flow });
  expect(shown.errors).toMatchObject([{ word: 'expression-error', dn: 'CN=s,DC=source' }]);
  expect(shown.person.after).toEqual({ uid: ['ann'] });
});

test('an object that is not there is said so', async () => {
  await expect(preview('nobody')).rejects.toMatchObject({ code: 'not_found' });
});
