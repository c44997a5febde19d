import type { ChangeStamp } from '#shared/model/change.ts';

import { isOlder } from '../is-older.ts';
import { type GateVerdict, pass, refuse } from './gate-verdict.ts';

/** No newer change came in from the object, or was written to it, before. */
export function gateStale(stamp: ChangeStamp, newest: ChangeStamp | undefined): GateVerdict {
  if (newest === undefined || !isOlder(stamp, newest)) return pass;
  return refuse(6919, `The change of ${inWords(stamp)} is older than the one of ${inWords(newest)}`);
}

function inWords({ committedAt, version }: ChangeStamp): string {
  return `${new Date(committedAt).toISOString()}, key version ${version}`;
}
