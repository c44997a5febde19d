import type { PooledLink } from '#directory/link-pool.ts';
import type { DatabaseAgent } from '#shared/model/agent.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** A bound value; bytes are a password in UTF-8. */
export type SqlValue = string | Uint8Array<ArrayBuffer>;

/** A statement with the product's own placeholders. */
export interface SqlStatement {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/** Values by the column's own name; undefined for NULL, bytes for what is no text. */
export type SqlRow = ReadonlyMap<string, string | Uint8Array | undefined>;

export interface SqlResult {
  readonly columns: readonly string[];
  readonly rows: readonly SqlRow[];
  /** Rows that a change has matched; undefined where the product does not tell. */
  readonly affected: number | undefined;
}

/** One signed-in connection. Every method throws `SqlError`; an aborted signal closes the connection. */
export interface SqlConnection extends PooledLink {
  /** Whether it is protected: TLS, a local socket, or a file. */
  readonly secure: boolean;
  run(statement: SqlStatement, signal: AbortSignal): Promise<SqlResult>;
  /** Rows in pages; nothing else may run on the connection meanwhile. */
  read(statement: SqlStatement, pageSize: number, signal: AbortSignal): AsyncGenerator<readonly SqlRow[]>;
  begin(signal: AbortSignal): Promise<void>;
  commit(signal: AbortSignal): Promise<void>;
  rollback(signal: AbortSignal): Promise<void>;
}

/** How one product writes SQL. */
export interface SqlDialect {
  /** Stands for value `index`, from 0. */
  placeholder(index: number): string;
  quote(name: string): string;
  /** A call of a stored procedure whose arguments are the given placeholders. */
  call(procedure: string, placeholders: readonly string[]): string;
  /** Query for the names of tables and views, one column. */
  readonly listTables: string;
  /** A statement that plans another and checks the rights for it, without running it. */
  explain?(statement: string): string;
  /** Query for a procedure that the account may call; name and schema are lower case. */
  findProcedure?(name: string, schema: string | undefined): string;
  /** Puts the bytes of a password to text in the statement, where the product would take them for something else. */
  asText?(placeholder: string): string;
}

export interface SqlDriver {
  readonly dialect: SqlDialect;
  /** Opens a connection and signs in. */
  open(agent: DatabaseAgent, password: SecretBytes | undefined, signal: AbortSignal): Promise<SqlConnection>;
}
