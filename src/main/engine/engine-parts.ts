import type { AgentId } from '#shared/model/change.ts';
import type { Configuration } from '#shared/model/configuration.ts';

import type { Clock } from './clock.ts';
import type { EventSink } from './event-sink.ts';
import type { JoinTable } from './join-table.ts';
import type { Observe } from './observation.ts';
import type { FindTarget } from './password-target.ts';
import type { Queue } from './queue.ts';
import type { Seal } from './seal.ts';

/** What the engine is given. */
export interface EngineParts {
  readonly clock: Clock;
  readonly queue: Queue;
  readonly joins: JoinTable;
  readonly seal: Seal;
  readonly targets: FindTarget;
  /** The configuration in force, read at each use; `settingsChanged` tells that it is another. */
  readonly settings: () => Configuration;
  readonly events: EventSink;
  readonly observe?: Observe;
  /**
   * Imports and joins the one object that a change came from; true when that changed what is known of it. It is asked
   * once before a change of an unknown or unjoined object is refused, so that the first password of a new account
   * arrives. Where it throws, the change is not taken and its sender keeps it.
   */
  readonly onUnknownObject?: (agent: AgentId, anchor: string) => Promise<boolean>;
}
