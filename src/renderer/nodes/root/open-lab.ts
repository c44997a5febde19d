import type { LabStatus } from '#shared/contract/desk-contract.ts';
import { AppError } from '#shared/model/app-error.ts';
import { openDesk } from '#state/open-desk.ts';

import type { NodeServices } from '../node-services.ts';

/** Opens the Fabrikam lab: starts it in the background where it does not run, then shows its service. */
export function openLab({ session, startTask }: NodeServices): void {
  startTask({
    title: 'Fabrikam lab',
    work: async (report, signal) => {
      const desk = await openDesk();
      signal.addEventListener('abort', () => void desk.call('lab.stop', {}).catch(() => undefined));
      try {
        const { promise, resolve, reject } = Promise.withResolvers<string>();
        const take = ({ state, words, dataDirectory }: LabStatus): void => {
          report(words);
          if (state === 'running' && dataDirectory !== undefined) resolve(dataDirectory);
          else if (state !== 'starting')
            reject(
              new AppError('unavailable', `The lab does not run: ${words}`, {
                fix: 'Its own words: npm run lab',
              }),
            );
        };
        signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Cancelled')));
        desk.closed((reason) => reject(new AppError('unavailable', reason)));
        await desk.subscribe('lab.changed', take);
        take(await desk.call('lab.start', {}));
        session.goTo({ kind: 'directory', path: await promise });
        return 'The console shows the service of the lab';
      } finally {
        desk.close();
      }
    },
  });
}
