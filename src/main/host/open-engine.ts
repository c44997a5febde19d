import { Engine } from '#engine/engine.ts';
import type { EventSink } from '#engine/event-sink.ts';
import type { Observe } from '#engine/observation.ts';
import type { Seal } from '#engine/seal.ts';
import { ImportFailure } from '#identity/import-failure.ts';
import type { Runner } from '#identity/runner.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { AgentId } from '#shared/model/change.ts';
import { QueueStore } from '#store/queue-store.ts';

import type { AgentLinks } from './agent-links.ts';
import type { ConfigurationFile } from './configuration/configuration-file.ts';
import type { StoreServices } from './store-services.ts';
import { systemClock } from './system-clock.ts';

/** Events of endings that the queue itself brings about. */
const events = { superseded: 7006, expired: 7005, cancelled: 7007 } as const;
/** Milliseconds that the look-up of one unknown account may take; its sender waits meanwhile. */
const lookupLimit = 10_000;

export interface OpenEngineParts {
  readonly file: ConfigurationFile;
  readonly store: StoreServices;
  readonly seal: Seal;
  readonly links: AgentLinks;
  readonly runner: Runner;
  readonly record: EventSink;
  readonly observe: Observe;
}

/** Puts the engine together over the store, the vault and the agents. */
export function openEngine({ file, store, seal, links, runner, record, observe }: OpenEngineParts): Engine {
  const queue = new QueueStore(store.database, {
    historySize: () => file.configuration.passwordSync.historySize,
    events,
  });

  async function importUnknown(agent: AgentId, anchor: string): Promise<boolean> {
    try {
      const found = await runner.importOne(agent, anchor, AbortSignal.timeout(lookupLimit));
      return found !== undefined;
    } catch (cause) {
      if (!(cause instanceof ImportFailure)) throw cause;
      // The domain controller keeps the change and sends it again.
      throw new AppError('unavailable', `The account cannot be looked up: ${cause.message}`, { cause });
    }
  }

  return new Engine({
    clock: systemClock,
    queue,
    joins: store.joins,
    seal,
    targets: (agent) => links.targetOf(agent),
    settings: () => file.configuration,
    events: record,
    observe,
    onUnknownObject: importUnknown,
  });
}
