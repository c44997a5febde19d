import type { AgentId, ChangeStamp, ConnectorId, PersonId } from '#shared/model/change.ts';

/** A connector-space object, as far as password work needs it. */
export interface Connector {
  readonly id: ConnectorId;
  readonly agent: AgentId;
  /** Distinguished name of the partition that it lies in. */
  readonly partition: string;
  readonly dn: string;
  /** Immutable name in the connected directory: objectGUID, entryUUID, nsUniqueId, or the DN where there is none. */
  readonly anchor: string;
  readonly objectType: string;
  readonly person: PersonId | undefined;
  /** Newest change that came in from this object, password_incoming_timestamp. */
  readonly incoming: ChangeStamp | undefined;
  /** Newest change that was written to this object, password_outgoing_timestamp. */
  readonly outgoing: ChangeStamp | undefined;
}

/** The join table: source object to person to target objects. */
export interface JoinTable {
  /** The object of agent `agent` with this anchor (for Active Directory: objectGUID, lower case). */
  findConnector(agent: AgentId, anchor: string): Connector | undefined;
  /** The object with this number; undefined where it is gone. */
  connector(id: ConnectorId): Connector | undefined;
  /** Every connector joined to the person. */
  connectorsOf(person: PersonId): readonly Connector[];
}
