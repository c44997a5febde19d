import type { ChangeTrace } from '#shared/contract/changes.ts';

import type { IconName } from '#ui/icon-paths.ts';

type Delivery = Pick<ChangeTrace['deliveries'][number], 'state' | 'outcome'>;

/** Outcomes by their words. */
export const outcomeChoices = {
  delivered: 'Delivered',
  shadowed: 'Shadowed',
  superseded: 'Superseded',
  refused: 'Refused',
  expired: 'Expired',
  cancelled: 'Cancelled',
} as const;

const icons = {
  delivered: 'good',
  shadowed: 'shadow',
  superseded: 'superseded',
  refused: 'danger',
  expired: 'danger',
  cancelled: 'stopped',
} as const satisfies Record<string, IconName>;

export function outcomeWords({ state, outcome }: Delivery): string {
  if (outcome !== undefined) return outcomeChoices[outcome];
  return state === 'parked' ? 'Parked' : 'Waiting';
}

export function outcomeIcon({ state, outcome }: Delivery): IconName {
  if (outcome !== undefined) return icons[outcome];
  return state === 'parked' ? 'parked' : 'waiting';
}
