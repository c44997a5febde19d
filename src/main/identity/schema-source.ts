/** One attribute or column of a connected system. */
export interface FoundAttribute {
  readonly name: string;
  readonly multivalued: boolean;
  /** Whether every object of the chosen types must have it. */
  readonly required: boolean;
  /** Whether it is, or is a part of, what names an object for good. */
  readonly anchor: boolean;
  readonly binary: boolean;
}

/** What a connected system can hold. */
export interface FoundSchema {
  readonly objectTypes: readonly string[];
  /** Of the types that were asked for, or of those that the agent imports where none was. */
  readonly attributes: readonly FoundAttribute[];
  /** Tables and views of a database, with their schema where that is needed. */
  readonly tables: readonly string[];
  /** What the system cannot tell. */
  readonly note?: string;
}

/** A naming context or a container in one. */
export interface FoundContainer {
  readonly dn: string;
  /** What a person calls it: its last name component. */
  readonly name: string;
}

/** How a management agent learns what it can be configured with. Throws `ImportFailure`. */
export interface SchemaSource {
  readSchema(objectTypes: readonly string[], signal: AbortSignal): Promise<FoundSchema>;
  readPartitions(signal: AbortSignal): Promise<readonly FoundContainer[]>;
  /** The containers right below a name. */
  readContainers(dn: string, signal: AbortSignal): Promise<readonly FoundContainer[]>;
}
