import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Agent } from '#shared/model/agent.ts';
import type { RunStepType } from '#shared/model/run-profile.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

const hr = draftAgent({
  name: 'hr',
  project: true,
  flow: ['number=employeeId', 'mail=mail'],
  pageSize: 3,
});
const ad = draftAgent({
  name: 'ad',
  project: true,
  join: [['number=employeeId']],
  flow: ['number=employeeId', 'mail=mail', 'login=login'],
  pageSize: 3,
});
const ldap = draftAgent({
  name: 'ldap',
  join: [['number=employeeId'], ['login=login']],
  flow: ['phone=phone'],
  pageSize: 3,
});
const agents: readonly Agent[] = [hr, ad, ldap];

/** People have one number and one login for life; accounts come, change, move and go. */
const changeArbitrary = fc.record({
  agent: fc.integer({ min: 0, max: 2 }),
  person: fc.integer({ min: 0, max: 5 }),
  kind: fc.constantFrom('set', 'set', 'set', 'move', 'delete'),
  value: fc.integer({ min: 0, max: 2 }),
});
const runArbitrary = fc.record({
  agent: fc.integer({ min: 0, max: 2 }),
  step: fc.constantFrom<RunStepType>(
    'full-import-delta-sync',
    'full-import-full-sync',
    'delta-import-delta-sync',
    'delta-import-stage-only',
    'full-import-stage-only',
    'delta-sync',
    'full-sync',
  ),
});
type Change = typeof changeArbitrary extends fc.Arbitrary<infer T> ? T : never;
type Run = typeof runArbitrary extends fc.Arbitrary<infer T> ? T : never;
/** An account of `ad` tells that two others are one person's, and goes. */
const bridgeThatGoes: readonly (Change | Run)[] = [
  { agent: 1, person: 3, kind: 'set', value: 0 },
  { agent: 1, step: 'full-import-delta-sync' },
  { agent: 2, person: 3, kind: 'set', value: 0 },
  { agent: 1, person: 3, kind: 'delete', value: 0 },
  { agent: 0, person: 3, kind: 'set', value: 0 },
  { agent: 0, step: 'full-import-delta-sync' },
];
const historyArbitrary: fc.Arbitrary<readonly (Change | Run)[]> = fc.array(
  fc.oneof(changeArbitrary, runArbitrary),
  { minLength: 5, maxLength: 40 },
);

function apply(world: IdentityWorld, change: Change) {
  const agent = agents[change.agent];
  if (agent === undefined) return;
  const { person, value } = change;
  const anchor = `p${person}`;
  const directory = world.directory(agent);
  if (change.kind === 'delete') return directory.delete(anchor);
  const container = change.kind === 'move' ? `OU=${value},` : '';
  directory.set(anchor, `CN=p${person},${container}DC=${agent.name}`, {
    // The third agent knows some people by their login only.
    ...(agent.name === 'ldap' && person % 2 === 1 ? {} : { number: [String(person)] }),
    login: [`login${person}`],
    mail: [`mail${value}@x`],
    phone: [String(value)],
  });
}

async function settle(world: IdentityWorld, order: readonly Agent[]): Promise<void> {
  for (const agent of order) {
    const delta = await world.run(agent, 'delta-import-delta-sync');
    if (delta.result === 'no-start-full-import-required') await world.run(agent, 'full-import-delta-sync');
  }
}

test('any order of changes and runs leads to the joins of one full synchronization, and parts nobody', async () => {
  await fc.assert(
    fc.asyncProperty(
      historyArbitrary,
      fc.shuffledSubarray([...agents], { minLength: 3 }),
      async (history, lastOrder) => {
        const lived = new IdentityWorld(agents);
        const fresh = new IdentityWorld(agents);
        try {
          for (const event of history) {
            const agent = agents[event.agent];
            if (agent === undefined) continue;
            if ('step' in event) await lived.run(agent, event.step);
            else {
              apply(lived, event);
              apply(fresh, event);
            }
          }
          await settle(lived, lastOrder);
          for (const agent of agents) {
            if (lived.directory(agent).objects.size === 0) continue;
            await fresh.run(agent, 'full-import-delta-sync');
          }
          for (const agent of agents) await fresh.run(agent, 'full-sync');
          const together = joins(fresh);
          const kept = joins(lived).filter((set) => !together.includes(set));
          expect(joins(lived).filter((set) => !kept.includes(set))).toEqual(together);
          expect(kept.filter((set) => !isKept(set))).toEqual([]);
          expect(attributes(lived, kept)).toEqual(attributes(fresh));
        } finally {
          await Promise.all([lived.close(), fresh.close()]);
        }
      },
    ),
    { numRuns: 60, examples: [[bridgeThatGoes, [hr, ldap, ad]]] },
  );
}, 600_000);

/** Who is tied to whom; a person of one account, left over from others, ties nobody. */
function joins(world: IdentityWorld): readonly string[] {
  return world.joinedSets().filter((set) => set.includes(' '));
}

/**
 * Whether a set may hold although no full synchronization finds it: what is joined stays so until a rule names another
 * person, and only the account in `ad`, gone by now, could tell that the two are one person's.
 */
function isKept(set: string): boolean {
  const [, first, second] = /^hr:p(\d) ldap:p(\d)$/.exec(set) ?? [];
  return first !== undefined && first === second && Number(first) % 2 === 1;
}

/** What multiple accounts have made of their person, without that of the given sets. */
function attributes(world: IdentityWorld, without: readonly string[] = []): readonly string[] {
  const left = new Set(without.flatMap((set) => set.split(' ')));
  return agents
    .flatMap((agent) => world.objectsOf(agent.id).map((object) => ({ ...object, name: agent.name })))
    .filter(({ name, anchor }) => !left.has(`${name}:${anchor}`))
    .filter(({ person }) => person !== undefined && world.connectors.ofPerson(person).length > 1)
    .map(({ name, anchor, person }) => {
      const found = world.persons.find(person ?? 0)?.attributes;
      return `${name} ${anchor} ${JSON.stringify(found)}`;
    })
    .sort();
}
