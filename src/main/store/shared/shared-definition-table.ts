import type { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';
import type { DefinitionTable } from '#sso/ports.ts';

import type { SharedDatabase, SharedStatements } from './shared-database.ts';

type TableName = 'application' | 'adapter' | 'filter';

interface Row {
  readonly name: string;
  readonly document: string;
}

/**
 * Applications, adapters or filters as documents by name. What was read is kept: while the database is away, the
 * definition of an application is still found, so that a cached credential can be given out by its rules.
 */
export class SharedDefinitionTable<T extends { readonly name: string }> implements DefinitionTable<T> {
  readonly #database: SharedDatabase;
  readonly #table: TableName;
  readonly #schema: z.ZodType<T>;
  readonly #parsed = new Map<string, { readonly document: string; readonly value: T }>();

  constructor(database: SharedDatabase, table: TableName, schema: z.ZodType<T>) {
    this.#database = database;
    this.#table = table;
    this.#schema = schema;
  }

  async list(): Promise<readonly T[]> {
    const rows = await this.#database.all<Row>(
      `SELECT name, document FROM carillon.${this.#table} ORDER BY lower(name), name`,
    );
    return rows.map((row) => this.#parse(row));
  }

  async find(name: string): Promise<T | undefined> {
    const key = foldAscii(name);
    try {
      const [row] = await this.#database.all<Row>(
        `SELECT name, document FROM carillon.${this.#table} WHERE lower(name) = $1`,
        key,
      );
      if (row !== undefined) return this.#parse(row);
      this.#parsed.delete(key);
      return undefined;
    } catch (error) {
      const isAway = error instanceof AppError && error.code === 'unavailable';
      const known = isAway && this.#table !== 'adapter' ? this.#parsed.get(key) : undefined;
      if (known === undefined) throw error;
      return known.value;
    }
  }

  insert(definitions: readonly T[]): Promise<boolean> {
    return this.#writeAll(definitions, (statements, { name, document }) =>
      statements.run(
        `INSERT INTO carillon.${this.#table} (name, document) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
        name,
        document,
      ),
    );
  }

  update(definitions: readonly T[]): Promise<boolean> {
    return this.#writeAll(definitions, (statements, { name, document }) =>
      statements.run(
        `UPDATE carillon.${this.#table} SET document = $2 WHERE lower(name) = $1`,
        foldAscii(name),
        document,
      ),
    );
  }

  async delete(name: string): Promise<boolean> {
    const key = foldAscii(name);
    this.#parsed.delete(key);
    return await this.#database.transact(async (statements) => {
      const deleted = await statements.run(`DELETE FROM carillon.${this.#table} WHERE lower(name) = $1`, key);
      if (deleted > 0) await announceDefinitions(statements);
      return deleted > 0;
    });
  }

  async #writeAll(
    definitions: readonly T[],
    write: (statements: SharedStatements, row: Row) => Promise<number>,
  ): Promise<boolean> {
    const incomplete = new AppError('internal', 'Not all could be written');
    try {
      await this.#database.transact(async (statements) => {
        for (const definition of definitions) {
          const row = { name: definition.name, document: JSON.stringify(definition) };
          // Thrown, so that the ones before are undone.
          if ((await write(statements, row)) === 0) throw incomplete;
        }
        await announceDefinitions(statements);
      });
      return true;
    } catch (error) {
      if (error === incomplete) return false;
      throw error;
    }
  }

  #parse({ name, document }: Row): T {
    const key = foldAscii(name);
    const known = this.#parsed.get(key);
    if (known?.document === document) return known.value;
    const parsed = this.#schema.safeParse(JSON.parse(document));
    if (!parsed.success)
      throw new AppError('damaged', `The definition of ${name} in ${this.#database.place} is not whole`, {
        fix: 'Start the version that wrote it, or restore a backup of the database.',
        cause: parsed.error,
      });
    this.#parsed.set(key, { document, value: parsed.data });
    return parsed.data;
  }
}

/** Lets the other servers read again what they hold of definitions. */
async function announceDefinitions(statements: SharedStatements): Promise<void> {
  await statements.run('UPDATE carillon.system SET definitions = definitions + 1');
}

/** Folds what the database folds, and nothing else. */
export function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
