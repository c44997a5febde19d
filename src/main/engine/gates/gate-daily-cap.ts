import { type GateVerdict, pass, refuse } from './gate-verdict.ts';

/** The partition has sent fewer changes in 24 hours than it may. */
export function gateDailyCap(sent: number, limit: number | undefined, partition: string): GateVerdict {
  if (limit === undefined || sent < limit) return pass;
  return refuse(7010, `${partition} has sent ${sent} changes in 24 hours, and may send ${limit}`);
}
