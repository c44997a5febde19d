import { setTimeout as delay } from 'node:timers/promises';

import { type AwaitedChange, describeCapture, requireCaptured } from './missed-change.ts';
import type { Person } from './people.ts';
import type { SsoLab } from './sso-lab.ts';

/** How long a change may take to its last system, milliseconds. */
const patience = 120_000;

export type Way =
  | 'windows-to-external'
  | 'external-to-windows-full'
  | 'external-to-windows-partial'
  | 'direct-password-sync'
  | 'identity-manager';

export interface TargetReport {
  readonly agent: string;
  readonly outcome: string;
  readonly newPasswordBinds: boolean;
  readonly oldPasswordFails: boolean;
  readonly ms: number;
}

export interface ChangeReport {
  readonly trackingId: string;
  readonly account: string;
  readonly way: Way;
  /** Milliseconds since the change began. */
  readonly hops: readonly { readonly name: string; readonly ms: number }[];
  readonly targets: readonly TargetReport[];
}

export interface Event {
  readonly number: number;
  readonly at: number;
  readonly message: string;
  readonly trackingId?: string | undefined;
}

export async function target(
  agent: string,
  probe: (password: string) => Promise<boolean>,
  oldPassword: string,
  newPassword: string,
  events: readonly Event[],
): Promise<TargetReport> {
  // The new one first: a wrong try before it could lock the account.
  const newPasswordBinds = await probe(newPassword);
  const oldPasswordFails = !(await probe(oldPassword));
  const [start = 0, end = start] = [events.at(0)?.at, events.at(-1)?.at];
  return {
    agent,
    outcome: newPasswordBinds ? 'delivered' : 'refused',
    newPasswordBinds,
    oldPasswordFails,
    ms: end - start,
  };
}

/**
 * The events of single sign-on since a change, oldest first, once they are all that is waited for. Throws where they do
 * not come, with what came instead.
 */
export async function eventsUntil(
  { call, fabrikam }: SsoLab,
  awaited: AwaitedChange,
  isEnough: (events: readonly Event[]) => boolean,
): Promise<readonly Event[]> {
  const { account, since } = awaited;
  const deadline = Date.now() + patience;
  for (;;) {
    const found = await call('events.list', { limit: 500 });
    const recent = found
      .filter(({ at }) => at >= since)
      .toSorted((left, right) => left.at - right.at || left.id - right.id);
    const events = recent.filter(({ source }) => source === 'ENTSSO');
    if (isEnough(events)) return events;
    await requireCaptured(fabrikam, awaited);
    if (Date.now() > deadline) {
      const told = recent
        .filter(({ source, severity }) => source === 'ENTSSO' || severity !== 'information')
        .map(({ number, message }) => `\n  ${number} ${message}`);
      throw new Error(
        `The change of ${account} has not reached all of its systems within ${patience / 1000} s. The service said:${told.length === 0 ? '\n  nothing' : told.join('')}\n${await describeCapture(fabrikam, awaited)}`,
      );
    }
    await delay(100);
  }
}

export function count(events: readonly Event[], number: number): number {
  return events.filter((event) => event.number === number).length;
}

export function report(
  way: Way,
  { account }: Person,
  began: number,
  events: readonly Event[],
  targets: readonly TargetReport[],
): ChangeReport {
  const followed = events.filter(({ trackingId }) => trackingId !== undefined);
  const trackingId = followed[0]?.trackingId ?? '';
  const hops = followed.map(({ number, at }) => ({ name: String(number), ms: at - began }));
  return { trackingId, account, way, hops, targets };
}

export function isProven({ targets }: ChangeReport): boolean {
  return targets.every(
    ({ outcome, newPasswordBinds, oldPasswordFails }) =>
      outcome === 'delivered' && newPasswordBinds && oldPasswordFails,
  );
}

export function describe({ way, account, targets }: ChangeReport): string {
  const each = targets.map(
    ({ agent, newPasswordBinds, oldPasswordFails, ms }) =>
      `${agent} after ${ms} ms, new ${newPasswordBinds ? 'binds' : 'DOES NOT BIND'}, old ${oldPasswordFails ? 'fails' : 'STILL BINDS'}`,
  );
  return `${way} of ${account}: ${each.join('; ')}`;
}
