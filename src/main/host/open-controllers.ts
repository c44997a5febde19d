import type { Clock } from '#engine/clock.ts';
import type { Engine } from '#engine/engine.ts';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { Topics } from '#shared/rpc/topics.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { AgentNames } from './agent-names.ts';
import { ChannelListener } from './channel/channel-listener.ts';
import { ControllerCensus } from './controller-census.ts';
import { ControllerRegistry } from './controller-registry.ts';
import { dataFiles } from './data-files.ts';
import type { EventLog } from './event-log.ts';

export interface ControllersParts {
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly names: AgentNames;
  readonly credential: (agent: string) => Promise<SecretBytes>;
  readonly engine: Pick<Engine, 'receive'>;
  readonly events: Pick<EventLog, 'record'>;
  readonly topics: Topics<CarillonContract>;
  readonly report: (error: unknown) => void;
}

/** The domain controllers: the channel that they hand changes over by, who was heard of, and who ought to be. */
export function openControllers(parts: ControllersParts) {
  const { dataDirectory, clock, names, credential, engine, events, topics, report } = parts;
  const opened = new AsyncDisposableStack();
  const changed = (): void => topics.emit('capture.changed', {});
  const registry = new ControllerRegistry(dataFiles(dataDirectory).controllers);
  opened.defer(() => registry.save(clock.now()));
  const channel = new ChannelListener({
    dataDirectory,
    clock,
    controllers: registry,
    credential,
    receive: async (change, password) => {
      await engine.receive(change, password);
    },
    record: (event, level) => events.record(event, level),
    report,
    changed,
  });
  opened.defer(() => channel.stop());
  const census = new ControllerCensus({ agents: () => names.all, credential, clock, changed });
  opened.defer(() => census.stop());
  return {
    channel,
    census,
    known: () => census.merge(registry.all),
    stop: () => opened.disposeAsync(),
  };
}
