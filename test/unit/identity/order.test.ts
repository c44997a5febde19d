import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Agent } from '#shared/model/agent.ts';
import type { RunStepType } from '#shared/model/run-profile.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

const agents: readonly Agent[] = [
  draftAgent({ name: 'hr', project: true, flow: ['number=employeeId', 'mail=mail'], pageSize: 3 }),
  draftAgent({
    name: 'ad',
    project: true,
    join: [['number=employeeId']],
    flow: ['number=employeeId', 'mail=mail', 'login=login'],
    pageSize: 3,
  }),
  draftAgent({
    name: 'ldap',
    join: [['number=employeeId'], ['login=login']],
    flow: ['phone=phone'],
    pageSize: 3,
  }),
];

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
const historyArbitrary = fc.array(fc.oneof(changeArbitrary, runArbitrary), { minLength: 5, maxLength: 40 });

function apply(
  world: IdentityWorld,
  change: typeof changeArbitrary extends fc.Arbitrary<infer T> ? T : never,
) {
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

test('any order of changes and runs leads to the joins of one full synchronization', async () => {
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
          expect(joins(lived)).toEqual(joins(fresh));
          expect(attributes(lived)).toEqual(attributes(fresh));
        } finally {
          await Promise.all([lived.close(), fresh.close()]);
        }
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

/** Who is tied to whom; a person of one account, left over from others, ties nobody. */
function joins(world: IdentityWorld): readonly string[] {
  return world.joinedSets().filter((set) => set.includes(' '));
}

function attributes(world: IdentityWorld): readonly string[] {
  return agents
    .flatMap((agent) => world.connectors.page(agent.id, 1000))
    .filter(({ person }) => person !== undefined && world.connectors.ofPerson(person).length > 1)
    .map(({ agent, anchor, person }) => {
      const found = world.persons.find(person ?? 0)?.attributes;
      return `${agent} ${anchor} ${JSON.stringify(found)}`;
    })
    .sort();
}
