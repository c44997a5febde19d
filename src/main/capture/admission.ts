import type { Clock } from '#engine/clock.ts';
import type { PcnsConfiguration, PcnsTarget } from '#shared/model/pcns.ts';

import type { AccountState, DomainReader } from './account-state.ts';
import type { CaptureQueue, HeldRow } from './capture-queue.ts';
import type { HeldEnding } from './commit-watch.ts';
import type { CaptureEventSink } from './event-log.ts';
import type { PasswordLedger } from './password-ledger.ts';
import { decideScope, groupSids, unresolvedSids, whyNeverSent } from './scope.ts';

export interface AdmissionOptions {
  readonly clock: Clock;
  readonly reader: DomainReader;
  readonly queue: CaptureQueue;
  readonly ledger: PasswordLedger;
  readonly configuration: () => PcnsConfiguration;
  /** Whether the configuration is known; before that nothing is decided. */
  readonly isReady: () => boolean;
  readonly log: CaptureEventSink;
  /** Told which targets have something new to send, by GUID. */
  readonly wake: (guids: readonly string[]) => void;
  /** Told of groups that name no object. */
  readonly alarm: (guid: string, sids: readonly string[]) => void;
}

/**
 * Decides where a captured change goes, once the directory has spoken, and queues it there. Group membership and
 * the groups' existence are read for every change, so that a group deleted a second ago opens no gate.
 */
export class Admission {
  readonly #options: AdmissionOptions;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  async settle(row: HeldRow, ending: HeldEnding, state: AccountState | undefined): Promise<void> {
    if (ending === 'committed' && state?.password !== undefined) {
      await this.#admit(row, state, state.password.version);
      return;
    }
    await this.#options.queue.discard(row.sequence);
    const subject = { trackingId: row.trackingId, account: row.hookAccount };
    if (ending === 'refused')
      this.#options.log({
        ...subject,
        number: 7020,
        message: `The directory refused the new password of ${row.hookAccount}; it is forgotten`,
      });
    else
      this.#options.log({
        ...subject,
        number: 7021,
        message: `The password of ${row.hookAccount} moved on before this change could be told apart; it is forgotten`,
      });
  }

  async #admit(row: HeldRow, state: AccountState, version: number): Promise<void> {
    const { clock, queue, ledger, log, configuration, isReady, wake } = this.#options;
    if (!isReady()) throw new Error('the targets are not known yet');
    const { trackingId, sequence } = row;
    const { account } = state;
    const never = whyNeverSent(state);
    if (never !== undefined) {
      await queue.discard(sequence);
      await ledger.record([{ guid: state.guid, version }]);
      log({ number: 2303, trackingId, account, message: `A change of ${account} is not sent: ${never}` });
      return;
    }
    const { service, targets: all } = configuration();
    const active = all.filter((target) => !target.disabled);
    const verdicts = await this.#decide(state, active);
    const places = verdicts.flatMap(({ target, verdict }) =>
      verdict === 'filtered'
        ? []
        : [{ guid: target.guid, state: verdict === 'send' ? ('waiting' as const) : ('blocked' as const) }],
    );
    const admission = {
      account,
      objectGuid: state.guid,
      committedAt: state.passwordLastSet === 0 ? row.capturedAt : state.passwordLastSet,
      version,
      queuedAt: clock.now(),
      targets: places,
    };
    const { superseded, overflow } = await queue.admit(sequence, admission, service.maximumQueueLength);
    log({ number: 2201, trackingId, account, message: `A password change of ${account} was captured` });
    const nameOf = (guid: string) => active.find((target) => target.guid === guid)?.name ?? guid;
    for (const { target, verdict } of verdicts) {
      if (verdict === 'filtered')
        log({
          number: 2303,
          trackingId,
          account,
          target,
          message: `A change of ${account} is not sent to ${target.name}: the inclusion and exclusion groups block it`,
        });
    }
    for (const older of superseded)
      log({
        number: 7022,
        trackingId: older.trackingId,
        account: older.account,
        target: { guid: older.target },
        message: `A newer change of ${older.account} takes the place of one that waited for ${nameOf(older.target)}`,
      });
    for (const lost of overflow)
      log({
        number: 4100,
        trackingId: lost.trackingId,
        account: lost.account,
        target: { guid: lost.target },
        message: `The queue holds ${service.maximumQueueLength} changes; the oldest, of ${lost.account}, was dropped`,
      });
    wake(places.filter(({ state: begin }) => begin === 'waiting').map(({ guid }) => guid));
  }

  async #decide(state: AccountState, targets: readonly PcnsTarget[]) {
    if (targets.length === 0) return [];
    const { reader, alarm } = this.#options;
    const [groups, resolved] = await Promise.all([
      reader.readGroups(state.guid),
      reader.resolveSids([...new Set(targets.flatMap(groupSids))]),
    ]);
    return targets.map((target) => {
      const verdict = decideScope(target, groups, resolved);
      if (verdict === 'blocked') alarm(target.guid, unresolvedSids(target, resolved));
      return { target, verdict };
    });
  }
}
