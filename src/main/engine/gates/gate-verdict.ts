/** What one gate says of a change or of one of its targets. */
export type GateVerdict =
  | { readonly verdict: 'pass' }
  /** The delivery is accepted and waits. */
  | { readonly verdict: 'hold'; readonly reason: string }
  | { readonly verdict: 'refuse'; readonly event: number; readonly reason: string };

export type Refusal = Extract<GateVerdict, { readonly verdict: 'refuse' }>;

export const pass: GateVerdict = { verdict: 'pass' };

export function hold(reason: string): GateVerdict {
  return { verdict: 'hold', reason };
}

export function refuse(event: number, reason: string): Refusal {
  return { verdict: 'refuse', event, reason };
}
