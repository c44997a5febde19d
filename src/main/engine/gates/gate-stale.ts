import type { ChangeStamp } from '#shared/model/change.ts';

import { isOlder } from '../is-older.ts';
import { type GateVerdict, pass, refuse } from './gate-verdict.ts';

/** No newer change came in from the object, or was written to it, before. */
export function gateStale(stamp: ChangeStamp, newest: ChangeStamp | undefined): GateVerdict {
  if (newest === undefined || !isOlder(stamp, newest)) return pass;
  const [own, other] = [stamp, newest].map(({ committedAt }) => new Date(committedAt).toISOString());
  return refuse(6919, `The change of ${own} is older than the one of ${other}`);
}
