import type { ExportedName, ExportTarget, NewObject, ObjectChange } from '#identity/export-target.ts';
import type { DatabaseAgent, Partition } from '#shared/model/agent.ts';

import type { OptionalCredentials } from '../password-links.ts';
import { anchorOfName, splitAnchor } from '../record/record-anchor.ts';
import { exportFailureOf } from './database-failure.ts';
import { driverOf } from './driver-of.ts';
import type { SqlConnection, SqlDriver } from './sql-driver.ts';
import { TableColumns } from './table-columns.ts';
import { TableWriter } from './table-writer.ts';

/** Milliseconds that the database has for one object. */
const operationTimeout = 60_000;

/** What the writes of one run work with. */
interface Session {
  readonly connection: SqlConnection;
  readonly writer: TableWriter;
}

/** Writes rows: each object in a transaction of its own, which holds or fails whole. */
export class DatabaseExport implements ExportTarget {
  readonly #agent: DatabaseAgent;
  readonly #credentials: OptionalCredentials;
  readonly #driver: SqlDriver;
  #session: Session | undefined;

  constructor(agent: DatabaseAgent, credentials: OptionalCredentials) {
    this.#agent = agent;
    this.#credentials = credentials;
    this.#driver = driverOf(agent);
  }

  add(partition: Partition, object: NewObject, signal: AbortSignal): Promise<void> {
    const { dn, objectClasses, attributes } = object;
    const anchor = anchorOfName(dn, partition.dn, this.#agent.anchor);
    return this.#write(`Making ${dn}`, signal, (writer, limited) =>
      writer.insert(anchor, objectClasses.at(-1) ?? '', attributes, limited),
    );
  }

  update(partition: Partition, object: ObjectChange, signal: AbortSignal): Promise<void> {
    const { dn, anchor, newDn, changes } = object;
    const newAnchor = newDn === undefined ? undefined : anchorOfName(newDn, partition.dn, this.#agent.anchor);
    return this.#write(`Writing ${dn}`, signal, (writer, limited) =>
      writer.update(this.#split(anchor), newAnchor, changes, limited),
    );
  }

  delete(_: Partition, { dn, anchor }: ExportedName, signal: AbortSignal): Promise<void> {
    return this.#write(`Deleting ${dn}`, signal, (writer, limited) =>
      writer.delete(this.#split(anchor), limited),
    );
  }

  async close(): Promise<void> {
    await this.#session?.connection.close();
    this.#session = undefined;
  }

  #split(anchor: string): readonly string[] {
    return splitAnchor(anchor, this.#agent.anchor.length);
  }

  async #write(
    what: string,
    signal: AbortSignal,
    work: (writer: TableWriter, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(operationTimeout)]);
    let phase: 'sign-in' | 'request' = 'sign-in';
    try {
      const { connection, writer } = await this.#begin(limited);
      phase = 'request';
      await connection.begin(limited);
      try {
        await work(writer, limited);
        await connection.commit(limited);
      } catch (error) {
        if (!connection.closed) await connection.rollback(limited).catch(() => connection.close());
        throw error;
      }
    } catch (error) {
      // Called off: there is nothing to say about the object.
      signal.throwIfAborted();
      throw exportFailureOf(error, phase, `${this.#agent.name}: ${what}`);
    }
  }

  async #begin(signal: AbortSignal): Promise<Session> {
    if (this.#session !== undefined) return this.#session;
    const { dialect } = this.#driver;
    using password = await this.#credentials(this.#agent.id);
    const connection = await this.#driver.open(this.#agent, password, signal);
    try {
      const columns = await TableColumns.read(connection, dialect, this.#agent.table, signal);
      const { multivalue } = this.#agent;
      const beside = multivalue && (await TableColumns.read(connection, dialect, multivalue.table, signal));
      const writer = new TableWriter({ agent: this.#agent, connection, dialect, columns, beside });
      this.#session = { connection, writer };
      return this.#session;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }
}
