import type { ChangeStamp } from '#shared/model/change.ts';

import { isOlder } from './is-older.ts';

/** The newest of the stamps that there are. */
export function newestStamp(...stamps: readonly (ChangeStamp | undefined)[]): ChangeStamp | undefined {
  let newest: ChangeStamp | undefined;
  for (const stamp of stamps)
    if (stamp !== undefined && (newest === undefined || isOlder(newest, stamp))) newest = stamp;
  return newest;
}
