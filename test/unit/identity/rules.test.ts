import { afterEach, expect, test } from 'vitest';

import { CelExpressions } from '#expressions/cel-expressions.ts';
import { isFiltered } from '#identity/connector-filter.ts';
import { AppError } from '#shared/model/app-error.ts';
import { attributesIn } from '#shared/model/attributes-in.ts';
import { filterOperatorSchema, filterRuleSchema } from '#shared/model/identity-rules.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

let world: IdentityWorld | undefined;
afterEach(() => world?.close());

const ann = { dn: 'CN=Ann', objectType: 'user', attributes: { sn: ['Åström'], mail: ['b@x', 'a@x'] } };
const expressions = new CelExpressions();

test.each([
  ['object.sn.plain().lower()', ['astrom']],
  ['object.SN', ['Åström']],
  ['values.mail.map(one, one.upper())', ['B@X', 'A@X']],
  ['object["sn"].left(2) + dn', ['ÅsCN=Ann']],
  ['"CN=" + "Lee, Ann+1 ".escaped() + ",DC=x"', ['CN=Lee\\, Ann\\+1\\ ,DC=x']],
  ['object.sn.replace("s", "$&")', ['Å$&tröm']],
  ['has(object.phone) ? object.phone : objectType', ['user']],
  ['object.phone', []],
  ['size(values.mail)', ['2']],
  ['""', []],
])('%s gives %j', (text, values) => {
  expect(expressions.compile(text).values(ann)).toEqual(values);
});

test.each([
  'object.sn +',
  'object.sn + 1',
  'nobody.sn',
  'object.sn.matches("(a+)+$")',
  'values.a.map(x, values.a.map(y, values.a.map(z, z)))',
  'x'.repeat(2000),
])('%s is refused before it is used', (text) => {
  expect(() => expressions.compile(text)).toThrow(AppError);
});

test('an expression knows the attributes that it reads, so that they are imported', () => {
  expect(attributesIn('object.sn + values["given-name"][0] + object . mail + object.sn')).toEqual([
    'sn',
    'given-name',
    'mail',
  ]);
});

const filterCases: Record<string, readonly [meets: string, not: string]> = {
  equals: ['ADMIN', 'Administrator'],
  'does-not-equal': ['Administrator', 'Admin'],
  'starts-with': ['Administrator', 'Sub-admin'],
  'does-not-start-with': ['Sub-admin', 'administrator'],
  'ends-with': ['sub-admin', 'admins'],
  'does-not-end-with': ['admins', 'sub-ADMIN'],
  contains: ['my admins', 'user'],
  'does-not-contain': ['user', 'my admins'],
};

test.each(filterOperatorSchema.options)(
  'the filter operator %s keeps out what it says and nothing else',
  (operator) => {
    const isPresence = operator.endsWith('present');
    const rule = filterRuleSchema.parse({
      conditions: [{ attribute: 'Title', operator, ...(isPresence ? {} : { value: 'admin' }) }],
    });
    const [meets, not] = isPresence
      ? operator === 'is-present'
        ? [['x'], []]
        : [[], ['x']]
      : (filterCases[operator] ?? []).map((value) => [value]);
    expect(isFiltered([rule], { title: meets ?? [] })).toBe(true);
    expect(isFiltered([rule], { title: not ?? [] })).toBe(false);
  },
);

test('a filtered object leaves its person, and returns when it is filtered no more', async () => {
  const agent = draftAgent({
    name: 'main',
    project: true,
    flow: ['uid=uid'],
    rules: { filter: [{ conditions: [{ attribute: 'title', operator: 'equals', value: 'service' }] }] },
  });
  world = new IdentityWorld([agent]);
  world.directory(agent).set('a', 'CN=a,DC=main', { uid: ['a'] });
  await world.run(agent, 'full-import-delta-sync');
  expect(world.persons.count()).toBe(1);
  world.directory(agent).set('a', 'CN=a,DC=main', { uid: ['a'], title: ['Service'] });
  const run = await world.run(agent, 'delta-import-delta-sync');
  expect(run.steps[0]?.statistics.synchronization).toMatchObject({ filteredConnectors: 1, personDeletes: 1 });
  expect(world.find(agent, 'a')?.state).toBe('filtered');
  world.directory(agent).set('a', 'CN=a,DC=main', { uid: ['a'] });
  await world.run(agent, 'delta-import-delta-sync');
  expect(world.find(agent, 'a')?.state).toBe('connector');
});

test('precedence ranks an attribute against the order of the agents', async () => {
  const first = draftAgent({ name: 'first', project: true, flow: ['uid=uid', 'mail=mail', 'phone=phone'] });
  const second = draftAgent({ name: 'second', join: [['uid=uid']], flow: ['mail=mail', 'phone=phone'] });
  world = new IdentityWorld([first, second]);
  world.metaverse = {
    precedence: [{ attribute: 'Mail', agents: [second.id] }],
    deletionRule: { kind: 'last-connector' },
  };
  for (const agent of [first, second]) {
    const values = { uid: ['a'], mail: [`${agent.name}@x`], phone: [agent.name] };
    world.directory(agent).set('a', `CN=a,DC=${agent.name}`, values);
  }
  for (const agent of [first, second]) await world.run(agent, 'full-import-delta-sync');
  const [person] = world.persons.search('a', 1);
  expect(person?.attributes).toMatchObject({ mail: ['second@x'], phone: ['first'] });
});

test('a rule that fails over one object is its error and leaves the person as it was', async () => {
  const agent = draftAgent({
    name: 'main',
    project: true,
    flow: ['uid=uid'],
    expressions: [{ expression: 'object.name.substring(0, int(object.length))', person: 'short' }],
  });
  world = new IdentityWorld([agent]);
  world.directory(agent).set('a', 'CN=a,DC=main', { uid: ['a'], name: ['Annabel'], length: ['3'] });
  await world.run(agent, 'full-import-delta-sync');
  world.directory(agent).set('a', 'CN=a,DC=main', { uid: ['a'], name: ['Annabel'], length: ['30'] });
  const { run } = await world.run(agent, 'delta-import-delta-sync');
  expect(world.runs.errorsOf(run, 10)).toMatchObject([{ word: 'expression-error', dn: 'CN=a,DC=main' }]);
  expect(world.persons.search('a', 1)[0]?.attributes).toMatchObject({ short: ['Ann'] });
});
