import { setTimeout as delay } from 'node:timers/promises';

import type { Command } from 'commander';

import { AppError } from '#shared/model/app-error.ts';

import { onRun } from '../on-run.ts';
import { formatTable } from '../output/table.ts';
import { readNewSecret } from '../read-secret.ts';
import type { CarillonClient } from '../session.ts';
import type { Terminal } from '../terminal.ts';

/** How long the sample's deliveries may take, milliseconds. */
const patience = 30_000;

export function addTryCommand(program: Command, terminal: Terminal): void {
  onRun<[string | undefined], { remove?: boolean }>(
    terminal,
    program
      .command('try')
      .argument('[person]', 'start of a name; the first person where absent')
      .option('--remove', 'take the sample company away again')
      .description('Set up a sample company that needs no server, set a password and watch it arrive'),
    async (session, [wanted = ''], { remove }) => {
      if (remove) {
        const state = await session.withService((client) => client.call('sample.remove', {}));
        session.print(state, () => 'The sample company is gone');
        return;
      }
      const state = await session.withService((client) => client.call('sample.setUp', {}));
      if (!session.json) session.note(`The sample company is in ${state.folder}`);
      const person = state.people.find(({ name }) => name.toLowerCase().startsWith(wanted.toLowerCase()));
      if (person === undefined)
        throw new AppError(
          'not_found',
          `Nobody of the sample company has a name that starts with "${wanted}"`,
          {
            fix: `Use one of ${state.people.map(({ name }) => `"${name}"`).join(', ')}.`,
          },
        );
      using secret = await readNewSecret(terminal, `A new password for ${person.name}`);
      const text = session.encodeSecret(secret);
      const trace = await session.withService(async (client) => {
        const { trackingId } = await client.call('sample.setPassword', { person: person.id, secret: text });
        return await settled(client, trackingId);
      });
      session.print({ person: person.name, ...trace }, ({ deliveries }) =>
        formatTable(
          [
            { title: 'system', value: ({ agentName }) => agentName },
            { title: 'outcome', value: ({ outcome, state: at }) => outcome ?? at },
            { title: 'proof', value: ({ verification }) => verification },
          ],
          deliveries,
        ),
      );
    },
  );
}

/** The trace once every delivery has ended. */
async function settled(client: CarillonClient, trackingId: string) {
  const until = Date.now() + patience;
  for (;;) {
    const trace = await client.call('changes.trace', { trackingId });
    if (trace.deliveries.every(({ state }) => state !== 'waiting')) return trace;
    if (Date.now() > until) throw new AppError('unavailable', 'The deliveries take too long');
    await delay(100);
  }
}
