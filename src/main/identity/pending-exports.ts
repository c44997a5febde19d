import type { AgentId, ConnectorId, PersonId } from '#shared/model/change.ts';

import type { LinkRule, Slice } from './connector-space.ts';
import type { Attributes } from './import-source.ts';
import type { RunErrorWord } from './run-error.ts';

interface ExportBase {
  readonly agent: AgentId;
  /** Distinguished name of its partition, as the agent's configuration spells it. */
  readonly partition: string;
  /** Desired values by attribute; an empty list takes the attribute away. */
  readonly changes: Attributes;
}

export interface StagedAdd extends ExportBase {
  readonly operation: 'add';
  readonly person: PersonId;
  readonly dn: string;
  readonly objectClasses: readonly string[];
}

export interface StagedUpdate extends ExportBase {
  readonly operation: 'update';
  readonly connector: ConnectorId;
  /** The name that it shall have, where that is a new one. */
  readonly newDn: string | undefined;
}

export interface StagedDelete extends ExportBase {
  readonly operation: 'delete';
  readonly connector: ConnectorId;
  /** Whose object it was until provisioning took it back. */
  readonly former: { readonly person: PersonId; readonly link: LinkRule } | undefined;
}

export type StagedExport = StagedAdd | StagedUpdate | StagedDelete;

/**
 * `pending`: waits for an export run. `exported`: the directory took it, and an import has yet to show that it is
 * so; until then it is neither forgotten nor sent again.
 */
export type ExportStage = 'pending' | 'exported';

export type PendingExport = StagedExport & {
  readonly id: number;
  readonly stage: ExportStage;
  /** Failed tries so far. */
  readonly tries: number;
  readonly error: RunErrorWord | undefined;
};

/**
 * What synchronization wants to write to the directories: at most one addition per person and agent, and one update
 * or deletion per object. Reads are synchronous; writes belong inside a `Commit`.
 */
export interface PendingExports {
  /** Whether nothing at all waits, for any agent. */
  readonly isEmpty: boolean;
  find(id: number): PendingExport | undefined;
  /** The addition for a person in an agent. */
  addFor(agent: AgentId, person: PersonId): PendingExport | undefined;
  /** The addition that gives an object this name. */
  addNamed(agent: AgentId, foldedDn: string): PendingExport | undefined;
  /** The update that gave an object this name in a directory that took it. */
  renameSent(agent: AgentId, foldedDn: string): (PendingExport & StagedUpdate) | undefined;
  addsOf(person: PersonId): readonly PendingExport[];
  /** Additions that the directory took and no import has shown yet. */
  addsSent(agent: AgentId, partition: string): readonly PendingExport[];
  /** The deletion of the object that a person had in an agent. */
  deleteFor(agent: AgentId, person: PersonId): (PendingExport & StagedDelete) | undefined;
  ofConnector(connector: ConnectorId): PendingExport | undefined;
  /** Exports of a partition that wait for a run, in the order in which they were staged. */
  pendingIds(slice: Slice): readonly number[];
  countDeletes(agent: AgentId, partition: string): number;
  /** Writes what is wanted in place of what was wanted before. */
  stage(wanted: StagedExport): void;
  setStage(id: number, stage: ExportStage): void;
  fail(id: number, error: RunErrorWord): void;
  remove(id: number): void;
  /** Takes back everything that an agent has still to add. */
  removeAdds(agent: AgentId): void;
}
