import { type GateVerdict, hold, pass } from './gate-verdict.ts';

/** Enable Password Synchronization; deliveries collect while it is off. */
export function gateSync({ enabled }: { readonly enabled: boolean }): GateVerdict {
  return enabled ? pass : hold('Password synchronization is switched off');
}
