import type { Verb } from '#console/verb.ts';

import type { NodeServices } from '../node-services.ts';
import { saveFile } from './save-file.ts';

/** Export Snapshot: the whole configuration, or the parts that a node stands for. */
export function exportVerb(
  { session }: Pick<NodeServices, 'session'>,
  parts?: readonly string[],
  accessKey = 'x',
): Verb {
  return {
    id: 'snapshot.export',
    label: 'Export Snapshot',
    slot: 'tasks',
    accessKey,
    run: async () => {
      const { fileName, text } = await session.client.call('snapshots.export', {
        source: { kind: 'running' },
        ...(parts === undefined ? {} : { parts: [...parts] }),
      });
      saveFile(fileName, text, 'application/json');
    },
  };
}
