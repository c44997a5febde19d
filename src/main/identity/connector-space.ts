import type { Agent } from '#shared/model/agent.ts';
import type { AgentId, ConnectorId, PersonId } from '#shared/model/change.ts';

import type { Attributes, ImportedObject } from './import-source.ts';

/**
 * `connector`: joined to a person; `disconnector`: waits for one; `explicit-disconnector`: an administrator took it
 * off its person and the rules leave it alone; `filtered`: kept out by the connector filter.
 */
export type ConnectorState = 'connector' | 'disconnector' | 'explicit-disconnector' | 'filtered';

/** What tied a connector to its person. */
export type LinkRule = 'join' | 'projection' | 'provisioning' | 'manual';

/**
 * What synchronization has still to do with an object. `retry`: its last synchronization ended in an error, its
 * agent's next one tries again. `review`: a person changed whom the join rules may tie it to; whichever
 * synchronization comes next looks at it.
 */
export type PendingImport = 'add' | 'update' | 'delete' | 'retry' | 'review';

/** An object of the connector space. */
export interface SpaceObject extends ImportedObject {
  readonly id: ConnectorId;
  readonly agent: AgentId;
  /** Distinguished name of its partition, as the agent's configuration spells it. */
  readonly partition: string;
  readonly state: ConnectorState;
  readonly person: PersonId | undefined;
  readonly link: LinkRule | undefined;
  readonly pending: PendingImport | undefined;
}

/** What staging writes of an object. */
export type StagedObject = ImportedObject &
  Pick<SpaceObject, 'agent' | 'partition'> & {
    /** As `foldDn` gives it. */
    readonly foldedDn: string;
  };

/** What staging has to know of an object that was imported before. */
export interface KnownObject extends Pick<SpaceObject, 'id' | 'dn' | 'partition' | 'pending'> {
  /** Whether type and attributes are the ones that were imported now. */
  readonly isSame: boolean;
}

/** The tie between an object and its person, written as one. */
export type Link =
  | { readonly state: 'connector'; readonly person: PersonId; readonly link: LinkRule }
  | { readonly state: Exclude<ConnectorState, 'connector'> };

/** Objects after `after` in row order, at most `limit`. */
export interface Slice {
  readonly agent: AgentId;
  readonly partition: string;
  readonly after: ConnectorId;
  readonly limit: number;
}

/**
 * Every object that the agents have imported. Reads are synchronous; writes belong inside a `Commit`.
 * Values are looked up folded, as `foldText` gives them.
 */
export interface ConnectorSpace {
  /** Makes room for the agents as they are configured now; cheap where nothing has changed. */
  prepare(agents: readonly Agent[]): Promise<void>;

  /** Objects of an agent. */
  count(agent: AgentId): number;
  find(id: ConnectorId): SpaceObject | undefined;
  findByAnchor(agent: AgentId, anchor: string): SpaceObject | undefined;
  findByDn(agent: AgentId, dn: string): SpaceObject | undefined;
  /** What is known of objects of one agent that were imported now, by their anchors; a new one is missing. */
  recall(agent: AgentId, objects: readonly StagedObject[]): ReadonlyMap<string, KnownObject>;
  ofPerson(person: PersonId): readonly SpaceObject[];
  /** Objects of one agent with this value in an attribute that its join rules use. */
  withValue(agent: AgentId, attribute: string, value: string, limit: number): readonly ConnectorId[];
  hasValue(agent: AgentId, attribute: string, value: string, id: ConnectorId): boolean;
  /** Objects whose deletion was imported. */
  deletedIds(slice: Slice): readonly ConnectorId[];
  /** Objects that their agent's synchronization has still to look at. */
  pendingIds(slice: Slice): readonly ConnectorId[];
  allIds(slice: Slice): readonly ConnectorId[];
  /** Objects of an agent in whatever partition, also one that is no longer configured. */
  idsOf(agent: AgentId, limit: number): readonly ConnectorId[];
  /** Objects of any agent that wait for review. */
  reviewIds(limit: number): readonly ConnectorId[];
  /** Objects of a partition that were not imported as deleted. */
  stagedIds(agent: AgentId, partition: string): readonly ConnectorId[];

  /** Adds objects of one partition, whose anchors are new and differ; gives their rows in the same order. */
  addAll(objects: readonly StagedObject[]): readonly ConnectorId[];
  /** Replaces what was imported; the tie to a person stays. */
  replace(id: ConnectorId, object: StagedObject, pending: PendingImport): void;
  setPending(id: ConnectorId, pending: PendingImport | undefined): void;
  /** Ties an object to a person or unties it; nothing stays pending on it. */
  setLink(id: ConnectorId, link: Link): void;
  remove(object: SpaceObject): void;

  /** Where the next delta import of a partition goes on. */
  watermark(agent: AgentId, partition: string): string | undefined;
  setWatermark(agent: AgentId, partition: string, watermark: string | undefined): void;
  /** Has every partition of an agent imported in full the next time. */
  forgetWatermarks(agent: AgentId): void;
}

/** The values of an attribute, whose name compares without regard to case. */
export function valuesOf(attributes: Attributes, name: string): readonly string[] {
  const exact = attributes[name];
  if (exact !== undefined) return exact;
  const folded = name.toLowerCase();
  for (const key in attributes) if (key.toLowerCase() === folded) return attributes[key] ?? [];
  return [];
}
