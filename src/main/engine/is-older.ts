import type { ChangeStamp } from '#shared/model/change.ts';

/** Whether a change was committed before the one that `other` tells of; false where there is none. */
export function isOlder(stamp: ChangeStamp, other: ChangeStamp | undefined): boolean {
  if (other === undefined) return false;
  if (stamp.committedAt !== other.committedAt) return stamp.committedAt < other.committedAt;
  return stamp.version < other.version;
}
