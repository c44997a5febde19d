import { expect, test } from 'vitest';

import { SsoAuditTrail } from '#store/sso-audit-trail.ts';
import { openSsoWorld, type SsoWorld, secretOf } from '#test/sso-world.ts';

const table = 'administration';

async function openTrail(world: SsoWorld, lines: number, capacity = 100): Promise<SsoAuditTrail> {
  const trail = new SsoAuditTrail(world.database, secretOf('k'.repeat(32)), () => capacity);
  for (let each = 1; each <= lines; each += 1)
    await trail.append(table, { at: each, event: 10535, message: `line ${each}` });
  return trail;
}

const tamper = (world: SsoWorld, sql: string) => world.database.commit(() => world.database.run(sql));
const problems = (trail: SsoAuditTrail) =>
  trail.verify().findings.map(({ sequence, problem }) => `${sequence ?? '-'} ${problem}`);

test('a trail that nobody touched verifies', async () => {
  await using world = await openSsoWorld();
  const trail = await openTrail(world, 10);
  expect(trail.verify()).toEqual({ lines: 10, findings: [] });
  expect(trail.list(table, 2).map(({ message }) => message)).toEqual(['line 10', 'line 9']);
});

test.each([
  [
    'altered',
    `UPDATE sso_audit SET line = replace(line, 'line 4', 'line x') WHERE sequence = 4`,
    ['4 The line was altered'],
  ],
  ['removed from the middle', 'DELETE FROM sso_audit WHERE sequence = 4', ['4 The line was removed']],
  ['removed from the beginning', 'DELETE FROM sso_audit WHERE sequence <= 2', ['1 2 lines were removed']],
  ['removed from the end', 'DELETE FROM sso_audit WHERE sequence > 8', ['9 The last 2 lines were removed']],
  ['all removed', 'DELETE FROM sso_audit', ['1 The last 10 lines were removed']],
  [
    'exchanged',
    `UPDATE sso_audit SET line = CASE sequence WHEN 4 THEN (SELECT line FROM sso_audit WHERE sequence = 5)
      ELSE line END`,
    ['4 The line was altered'],
  ],
  [
    'cut with their end',
    'UPDATE sso_audit_head SET last_sequence = 8',
    ['- What says where the table begins and ends was altered'],
  ],
  [
    'left without their end',
    'DELETE FROM sso_audit_head',
    ['- What says where the table begins and ends was removed'],
  ],
])('lines that were %s are found', async (_, sql, expected) => {
  await using world = await openSsoWorld();
  const trail = await openTrail(world, 10);
  await tamper(world, sql);
  expect(problems(trail)).toEqual(expect.arrayContaining(expected));
});

test('a line made without the key is found', async () => {
  await using world = await openSsoWorld();
  const trail = await openTrail(world, 3);
  const forger = new SsoAuditTrail(world.database, secretOf('f'.repeat(32)), () => 100);
  await forger.append(table, { at: 4, event: 10535, message: 'forged' });
  expect(problems(trail)).toEqual(expect.arrayContaining(['4 The line was altered']));
});

test('a full table lets its oldest lines go and still verifies', async () => {
  await using world = await openSsoWorld();
  const trail = await openTrail(world, 25, 10);
  expect(trail.verify()).toEqual({ lines: 10, findings: [] });
  expect(trail.list(table, 100)).toHaveLength(10);
  await tamper(world, 'DELETE FROM sso_audit WHERE sequence = 16');
  expect(problems(trail)).toEqual(['16 The line was removed']);
});

test('a hole stays to be found after more lines were written', async () => {
  await using world = await openSsoWorld();
  const trail = await openTrail(world, 10);
  await tamper(world, 'DELETE FROM sso_audit WHERE sequence = 10');
  await trail.append(table, { at: 11, event: 10535, message: 'after' });
  expect(problems(trail)).toEqual(['10 The line was removed']);
});
