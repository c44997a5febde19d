/** Imports and synchronizes without end, over a directory that keeps changing, until it is killed. */
import { draftAgent, IdentityWorld } from './identity-world.ts';

export const victimAgents = [
  draftAgent({
    name: 'main',
    id: '00000000-0000-4000-8000-000000000001',
    project: true,
    flow: ['number=employeeId', 'mail=mail'],
    pageSize: 100,
  }),
  draftAgent({
    name: 'other',
    id: '00000000-0000-4000-8000-000000000002',
    join: [['number=employeeId'], ['mail=mail']],
    flow: ['phone=phone'],
    pageSize: 100,
  }),
];

/** What both directories hold in a round; every round changes, moves, adds and takes away some people. */
export function fillVictim(world: IdentityWorld, round: number, people: number): void {
  for (const agent of world.agents) {
    const directory = world.directory(agent);
    for (const anchor of [...directory.objects.keys()]) directory.delete(anchor);
    for (let index = 0; index < people; index += 1) {
      if ((index + round) % 7 === 0) continue;
      const unit = (index + round) % 5 === 0 ? 'OU=Moved,' : '';
      directory.set(`p${index}`, `CN=p${index},${unit}DC=${agent.name}`, {
        number: [String(index)],
        mail: [`p${index}@x`],
        phone: [String((index + round) % 11)],
      });
    }
  }
}

const [folder] = process.argv.slice(2);
if (import.meta.main && folder !== undefined) {
  const world = new IdentityWorld(victimAgents, undefined, folder);
  for (let round = 0; ; round += 1) {
    fillVictim(world, round, 600);
    await Promise.all(world.agents.map((agent) => world.run(agent, 'full-import-delta-sync')));
    process.stdout.write(`${round}\n`);
  }
}
