import type { Clock } from './clock.ts';
import type { EngineEvent, EventSink } from './event-sink.ts';
import type { Observation, Observe } from './observation.ts';

/** Where the engine tells of what it did. */
export interface Telling {
  log(event: Omit<EngineEvent, 'at'>): void;
  observe(observation: Observation): void;
}

/** Keeps a listener that fails from undoing or repeating what it is told of. */
export function createTelling(clock: Clock, sink: EventSink, observe: Observe | undefined): Telling {
  return {
    log: (event) => quietly(() => sink({ ...event, at: clock.now() })),
    observe: (observation) => quietly(() => observe?.(observation)),
  };
}

function quietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // The listener's own business: the change goes on.
  }
}
