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
      try {
        const { promise, resolve, reject } = Promise.withResolvers<string>();
        const take = ({ state, words, dataDirectory }: LabStatus): void => {
          report(words);
          if (state === 'running' && dataDirectory !== undefined && !signal.aborted) resolve(dataDirectory);
          else if (state !== 'starting' && state !== 'running')
            reject(
              new AppError('unavailable', `The lab does not run: ${words}`, {
                fix: 'Its own words: npm run lab',
              }),
            );
        };
        // The task ends with the last server: somebody may open the lab again right after it.
        signal.addEventListener('abort', () => void desk.call('lab.stop', {}).catch(reject));
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
