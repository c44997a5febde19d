import type { CapturedChange, ChangeStamp } from '#shared/model/change.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { deliveryContext } from './delivery-context.ts';
import type { EngineParts } from './engine-parts.ts';
import { gateStale } from './gates/gate-stale.ts';
import { type Refusal, refuse } from './gates/gate-verdict.ts';
import { guardTarget } from './guard-target.ts';
import type { Connector } from './join-table.ts';
import type { NewDelivery } from './queue.ts';
import type { ResolvedTarget } from './resolve-change.ts';

export interface DeliverySource {
  readonly change: CapturedChange;
  readonly sequence: number;
  readonly password: SecretBytes;
  readonly configuration: Configuration;
  readonly parts: Pick<EngineParts, 'seal' | 'targets'>;
  /** The newest change that the object had, has waiting or made itself. */
  readonly newestOf: (connector: Connector) => ChangeStamp | undefined;
}

/** One delivery for each object of the person in a target: sealed and waiting, or ended by a gate at once. */
export function createDeliveries(
  { id: target, agent, connectors }: ResolvedTarget,
  source: DeliverySource,
): readonly NewDelivery[] {
  if (connectors.length === 0) return [];
  const { change, sequence, password, configuration, parts, newestOf } = source;
  const refusal =
    agent === undefined
      ? refuse(6922, `No management agent has the id ${target}`)
      : guardTarget(agent, parts.targets(target), configuration.passwordSync)
          .map(({ result }) => result)
          .find((result): result is Refusal => result.verdict === 'refuse');
  return connectors.map((joined): NewDelivery => {
    const place = { target, connector: joined.id };
    if (refusal !== undefined) return { ...place, state: 'settled', outcome: 'refused', ...told(refusal) };
    const stale = gateStale(change, newestOf(joined));
    if (stale.verdict === 'refuse')
      return { ...place, state: 'settled', outcome: 'superseded', ...told(stale) };
    const account = `${change.domain}\\${change.account}`;
    const context = deliveryContext({ ...place, sequence, trackingId: change.trackingId, account });
    return { ...place, state: 'waiting', sealed: parts.seal.seal(password, context) };
  });
}

function told({ event, reason }: Refusal): { readonly event: number; readonly reason: string } {
  return { event, reason };
}
