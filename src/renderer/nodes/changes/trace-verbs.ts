import type { Verb } from '#console/verb.ts';

import type { NodeServices } from '../node-services.ts';
import { openTrace } from './open-trace.tsx';

/** What can be done with a selected change or delivery that is only looked at. */
export function traceVerbs(
  rows: readonly { readonly trackingId: string }[],
  { session, openDialog }: Pick<NodeServices, 'session' | 'openDialog'>,
): readonly Verb[] {
  const [row, ...others] = rows;
  if (row === undefined || others.length > 0) return [];
  return [
    {
      id: 'change.trace',
      label: 'Trace',
      slot: 'top',
      accessKey: 't',
      shortcut: 'Alt+Enter',
      isDefault: true,
      run: () => openTrace(row.trackingId, session, openDialog),
    },
  ];
}
