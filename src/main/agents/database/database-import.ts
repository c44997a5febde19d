import { lookup } from 'node:dns/promises';

import { ImportFailure } from '#identity/import-failure.ts';
import type {
  ConnectionStep,
  ImportedObject,
  ImportItem,
  ImportOptions,
  ImportPage,
  ImportSource,
} from '#identity/import-source.ts';
import type { DatabaseAgent, Partition } from '#shared/model/agent.ts';
import { PagePace } from '../page-pace.ts';
import type { OptionalCredentials } from '../password-links.ts';
import { splitAnchor } from '../record/record-anchor.ts';
import { testSteps } from '../test-steps.ts';
import { importFailureOf } from './database-failure.ts';
import { driverOf } from './driver-of.ts';
import { checkPasswordRight } from './password-right.ts';
import { RowReader } from './row-reader.ts';
import type { SqlConnection, SqlRow, SqlStatement } from './sql-driver.ts';
import { SqlError } from './sql-error.ts';
import { TableColumns } from './table-columns.ts';

/** Where a delta import by a view or by nothing goes on: nowhere in particular. */
const noPosition = '-';
const testTimeout = 30_000;

/** What one reading works with. */
interface Session {
  readonly connection: SqlConnection;
  readonly columns: TableColumns;
  readonly rows: RowReader;
  readonly signal: AbortSignal;
}

/** The reading half of the database agents. */
export class DatabaseImport implements ImportSource {
  readonly #agent: DatabaseAgent;
  readonly #credentials: OptionalCredentials;

  constructor(agent: DatabaseAgent, credentials: OptionalCredentials) {
    this.#agent = agent;
    this.#credentials = credentials;
  }

  fullImport(partition: Partition, options: ImportOptions): AsyncIterable<ImportPage> {
    return this.#paged(partition, options, (session) => this.#readAll(session, options.pageSize));
  }

  deltaImport(partition: Partition, watermark: string, options: ImportOptions): AsyncIterable<ImportPage> {
    return this.#paged(partition, options, (session) =>
      this.#readChanges(session, watermark, options.pageSize),
    );
  }

  async fetchObject(
    partition: Partition,
    anchor: string,
    signal: AbortSignal,
  ): Promise<ImportedObject | undefined> {
    return await this.#session(partition, signal, async (session) => {
      const { columns, rows, connection } = session;
      const names = this.#agent.anchor;
      const text = `${columns.select(rows.selected)} WHERE ${columns.match(names)}`;
      const found = await connection.run({ text, values: splitAnchor(anchor, names.length) }, signal);
      const [item] = await this.#toItems(found.rows, session);
      return item?.kind === 'object' ? item.object : undefined;
    });
  }

  testConnection(signal: AbortSignal): Promise<readonly ConnectionStep[]> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(testTimeout)]);
    const { connection: place, partitions, table, name, passwordMethod } = this.#agent;
    return testSteps(
      async (attempt) => {
        if ('host' in place && !place.host.startsWith('/'))
          await attempt('resolve', async () => {
            const { address } = await lookup(place.host).catch((cause: unknown) => {
              throw new SqlError('unreachable', `"${place.host}" has no address`, { cause });
            });
            return `${place.host} is ${address}`;
          });
        const opened: SqlConnection[] = [];
        try {
          await attempt('bind', async () => {
            const connection = await this.#open(limited);
            opened.push(connection);
            const link = connection.secure ? 'protected' : 'without protection';
            return 'host' in place ? `signed in as ${place.user}, ${link}` : `opens ${place.path}`;
          });
          const [connection] = opened;
          const [partition] = partitions;
          if (connection === undefined || partition === undefined) return;
          await attempt('base', async () => {
            const session = await this.#begin(connection, partition, limited);
            return `${table} has ${session.columns.names.length} columns`;
          });
          await attempt('read', async () => {
            const session = await this.#begin(connection, partition, limited);
            for await (const page of connection.read(this.#whole(session), 1, limited)) {
              const [item] = page.map((row) => session.rows.read(row));
              if (item === undefined) break;
              if (item.kind === 'object') return `reads ${item.object.dn}`;
              if (item.kind === 'unreadable') throw new SqlError('other', item.detail);
            }
            return 'there is no row';
          });
          if (passwordMethod === undefined || passwordMethod.method === 'extension') return;
          await attempt('password-rights', () => checkPasswordRight(this.#agent, connection, limited));
        } finally {
          for (const connection of opened) await connection.close();
        }
      },
      (error) => importFailureOf(error, name),
      stepOf,
    );
  }

  /** A page at a time over a connection of its own, with failures in the words of run results. */
  async *#paged(
    partition: Partition,
    { timeout, signal }: ImportOptions,
    read: (session: Session) => AsyncGenerator<ImportPage>,
  ): AsyncGenerator<ImportPage> {
    const pace = new PagePace(timeout, signal);
    let connection: SqlConnection | undefined;
    try {
      connection = await this.#open(pace.signal);
      for await (const page of read(await this.#begin(connection, partition, pace.signal))) {
        pace.rest();
        yield page;
        pace.begin();
      }
    } catch (error) {
      throw importFailureOf(error, this.#agent.name);
    } finally {
      pace.rest();
      await connection?.close();
    }
  }

  async #session<T>(
    partition: Partition,
    signal: AbortSignal,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    let connection: SqlConnection | undefined;
    try {
      connection = await this.#open(signal);
      return await work(await this.#begin(connection, partition, signal));
    } catch (error) {
      throw importFailureOf(error, this.#agent.name);
    } finally {
      await connection?.close();
    }
  }

  async *#readAll(session: Session, pageSize: number): AsyncGenerator<ImportPage> {
    // First the position, then the rows: what changes in between shows twice instead of never.
    const watermark = await this.#position(session);
    yield* this.#readRows(session, this.#whole(session), pageSize);
    yield { items: [], watermark };
  }

  async *#readChanges(session: Session, watermark: string, pageSize: number): AsyncGenerator<ImportPage> {
    const { delta } = this.#agent;
    if (delta === undefined)
      throw new ImportFailure(
        'no-start-delta-step-type-not-configured',
        'failed-search',
        `${this.#agent.name} knows no way to learn changes`,
        { fix: 'Add "delta" with a column or a view, or run full imports.' },
      );
    if (delta.by === 'view') {
      const { connection, signal, rows } = session;
      const columns = await TableColumns.read(connection, driverOf(this.#agent).dialect, delta.view, signal);
      const text = columns.select([...rows.selected, delta.changeColumn]);
      yield* this.#readRows(session, { text, values: [] }, pageSize, columns.spell(delta.changeColumn));
      yield { items: [], watermark: noPosition };
      return;
    }
    const next = await this.#position(session);
    const { columns, rows } = session;
    const column = columns.quote(delta.column);
    // Rows of the last position come again: others of the same moment may have come after it was read.
    const condition = ` WHERE ${column} >= ${driverOf(this.#agent).dialect.placeholder(0)}`;
    const statement =
      watermark === noPosition
        ? { text: columns.select(rows.selected), values: [] }
        : { text: columns.select(rows.selected) + condition, values: [watermark] };
    yield* this.#readRows(session, statement, pageSize);
    const note = 'A column of changes shows no deletions; a full import does';
    yield { items: [], watermark: next, note };
  }

  async *#readRows(
    session: Session,
    statement: SqlStatement,
    pageSize: number,
    changeColumn?: string,
  ): AsyncGenerator<ImportPage> {
    const { connection, signal } = session;
    // Values of their own are read beside the rows.
    const beside = this.#agent.multivalue === undefined ? undefined : await this.#open(signal);
    try {
      for await (const page of connection.read(statement, pageSize, signal))
        yield {
          items: await this.#toItems(page, { ...session, connection: beside ?? connection }, changeColumn),
        };
    } finally {
      await beside?.close();
    }
  }

  async #toItems(
    page: readonly SqlRow[],
    { connection, rows, signal }: Session,
    changeColumn?: string,
  ): Promise<readonly ImportItem[]> {
    const items = page.map((row) => rows.read(row, changeColumn));
    const { multivalue } = this.#agent;
    if (multivalue === undefined) return items;
    const columns = await TableColumns.read(
      connection,
      driverOf(this.#agent).dialect,
      multivalue.table,
      signal,
    );
    return await rows.addValues(items, multivalue, columns, connection, signal);
  }

  #whole({ columns, rows }: Session): SqlStatement {
    return { text: columns.select(rows.selected), values: [] };
  }

  /** The newest value of the column of changes. */
  async #position({ connection, columns, signal }: Session): Promise<string> {
    const { delta } = this.#agent;
    if (delta?.by !== 'column') return noPosition;
    const text = `SELECT MAX(${columns.quote(delta.column)}) AS position FROM ${columns.table}`;
    const { rows } = await connection.run({ text, values: [] }, signal);
    const [newest] = rows[0]?.values() ?? [];
    return typeof newest === 'string' ? newest : noPosition;
  }

  async #begin(connection: SqlConnection, partition: Partition, signal: AbortSignal): Promise<Session> {
    const { dialect } = driverOf(this.#agent);
    const columns = await TableColumns.read(connection, dialect, this.#agent.table, signal);
    return { connection, columns, rows: new RowReader(this.#agent, partition, columns), signal };
  }

  async #open(signal: AbortSignal): Promise<SqlConnection> {
    const password = await this.#credentials(this.#agent.id);
    try {
      return await driverOf(this.#agent).open(this.#agent, password, signal);
    } finally {
      password?.wipe();
    }
  }
}

/** The step that really failed, where signing in led to it. */
function stepOf(error: unknown): ConnectionStep['name'] | undefined {
  if (!(error instanceof SqlError)) return undefined;
  if (error.kind === 'unreachable' || error.kind === 'timeout' || error.kind === 'down') return 'connect';
  return error.kind === 'tls' || error.kind === 'insecure' ? 'tls' : undefined;
}
