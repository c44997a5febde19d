import type { Clock } from '#engine/clock.ts';
import type { PcnsConfiguration, PcnsTarget } from '#shared/model/pcns.ts';

import type { AccountState, DomainReader } from './account-state.ts';
import type { Admitted, CaptureQueue, DroppedDelivery, HeldRow } from './capture-queue.ts';
import type { HeldEnding } from './commit-watch.ts';
import type { CaptureEvent } from './event-log.ts';
import { decideScope, groupSids, unresolvedSids, whyNeverSent } from './scope.ts';

export interface AdmissionOptions {
  readonly clock: Clock;
  readonly reader: DomainReader;
  readonly queue: CaptureQueue;
  readonly configuration: () => PcnsConfiguration;
  /** Whether the configuration is known; before that nothing is decided. */
  readonly isReady: () => boolean;
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
    const { trackingId, sequence, hookAccount: account } = row;
    const told =
      ending === 'refused'
        ? {
            number: 7020,
            message: `The directory refused the new password of ${account}; it is forgotten`,
          }
        : {
            number: 7021,
            message: `The password of ${account} moved on before this change could be told apart; it is forgotten`,
          };
    await this.#options.queue.discard(sequence, [{ ...told, trackingId, account }]);
  }

  async #admit(row: HeldRow, state: AccountState, version: number): Promise<void> {
    const { clock, queue, configuration, isReady, wake } = this.#options;
    if (!isReady()) throw new Error('the targets are not known yet');
    const { trackingId, sequence } = row;
    const { account, guid } = state;
    const never = whyNeverSent(state);
    if (never !== undefined) {
      const message = `A change of ${account} is not sent: ${never}`;
      await queue.discard(sequence, [{ number: 2303, trackingId, account, message }], { guid, version });
      return;
    }
    const { service, targets: all } = configuration();
    const active = all.filter((target) => !target.disabled);
    const verdicts = await this.#decide(state, active);
    const admission = {
      account,
      objectGuid: guid,
      committedAt: state.passwordLastSet === 0 ? row.capturedAt : state.passwordLastSet,
      version,
      queuedAt: clock.now(),
      targets: verdicts.flatMap(({ target, verdict }) =>
        verdict === 'filtered'
          ? []
          : [{ guid: target.guid, state: verdict === 'send' ? ('waiting' as const) : ('blocked' as const) }],
      ),
    };
    const { maximumQueueLength } = service;
    await queue.admit(sequence, admission, maximumQueueLength, (admitted) => [
      { number: 2201, trackingId, account, message: `A password change of ${account} was captured` },
      ...describeFiltered(verdicts, { trackingId, account }),
      ...describeDropped(admitted, active, maximumQueueLength),
    ]);
    wake(admission.targets.filter(({ state: begin }) => begin === 'waiting').map(({ guid: place }) => place));
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

interface Verdict {
  readonly target: PcnsTarget;
  readonly verdict: ReturnType<typeof decideScope>;
}

function describeFiltered(
  verdicts: readonly Verdict[],
  change: Pick<CaptureEvent, 'trackingId' | 'account'>,
): readonly CaptureEvent[] {
  return verdicts
    .filter(({ verdict }) => verdict === 'filtered')
    .map(({ target }) => ({
      ...change,
      number: 2303,
      target,
      message: `A change of ${change.account} is not sent to ${target.name}: the inclusion and exclusion groups block it`,
    }));
}

function describeDropped(
  { superseded, overflow }: Admitted,
  targets: readonly PcnsTarget[],
  maximumLength: number,
): readonly CaptureEvent[] {
  const nameOf = (guid: string) => targets.find((target) => target.guid === guid)?.name ?? guid;
  const describe =
    (number: number, say: (dropped: DroppedDelivery) => string) =>
    (dropped: DroppedDelivery): CaptureEvent => ({
      number,
      trackingId: dropped.trackingId,
      account: dropped.account,
      target: { guid: dropped.target },
      message: say(dropped),
    });
  return [
    ...superseded.map(
      describe(
        7022,
        ({ account, target }) =>
          `A newer change of ${account} takes the place of one that waited for ${nameOf(target)}`,
      ),
    ),
    ...overflow.map(
      describe(
        4100,
        ({ account }) => `The queue holds ${maximumLength} changes; the oldest, of ${account}, was dropped`,
      ),
    ),
  ];
}
