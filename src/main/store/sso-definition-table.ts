import type { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';
import type { DefinitionTable } from '#sso/ports.ts';

import type { Database } from './database.ts';

type TableName = 'sso_application' | 'sso_adapter' | 'sso_filter';

interface Row {
  readonly name: string;
  readonly document: string;
}

/** Applications, adapters or filters as documents by name. What was parsed once is kept by its text. */
export class SsoDefinitionTable<T extends { readonly name: string }> implements DefinitionTable<T> {
  readonly #database: Database;
  readonly #table: TableName;
  readonly #schema: z.ZodType<T>;
  #parsed = new Map<string, { readonly document: string; readonly value: T }>();

  constructor(database: Database, table: TableName, schema: z.ZodType<T>) {
    this.#database = database;
    this.#table = table;
    this.#schema = schema;
  }

  async list(): Promise<readonly T[]> {
    return this.#database
      .all<Row>(`SELECT name, document FROM ${this.#table} ORDER BY name`)
      .map((row) => this.#parse(row));
  }

  async find(name: string): Promise<T | undefined> {
    const row = this.#database.get<Row>(`SELECT name, document FROM ${this.#table} WHERE name = ?`, name);
    return row === undefined ? undefined : this.#parse(row);
  }

  insert(definitions: readonly T[]): Promise<boolean> {
    return this.#commitAll(
      definitions,
      (definition) =>
        this.#database.run(
          `INSERT INTO ${this.#table} (name, document) VALUES (?, ?) ON CONFLICT DO NOTHING`,
          definition.name,
          JSON.stringify(definition),
        ) > 0,
    );
  }

  update(definitions: readonly T[]): Promise<boolean> {
    return this.#commitAll(
      definitions,
      (definition) =>
        this.#database.run(
          `UPDATE ${this.#table} SET document = ? WHERE name = ?`,
          JSON.stringify(definition),
          definition.name,
        ) > 0,
    );
  }

  async delete(name: string): Promise<boolean> {
    this.#parsed.delete(name.toLowerCase());
    return await this.#database.commit(
      () => this.#database.run(`DELETE FROM ${this.#table} WHERE name = ?`, name) > 0,
    );
  }

  async #commitAll(definitions: readonly T[], write: (definition: T) => boolean): Promise<boolean> {
    const incomplete = new Error('Not all could be written');
    try {
      await this.#database.commit(() => {
        // Thrown, so that the ones before are undone.
        for (const definition of definitions) if (!write(definition)) throw incomplete;
      });
      return true;
    } catch (error) {
      if (error === incomplete) return false;
      throw error;
    }
  }

  #parse({ name, document }: Row): T {
    const key = name.toLowerCase();
    const known = this.#parsed.get(key);
    if (known?.document === document) return known.value;
    const parsed = this.#schema.safeParse(JSON.parse(document));
    if (!parsed.success)
      throw new AppError('damaged', `The definition of ${name} in the credential database is not whole`, {
        fix: 'Restore a backup: carillon store restore.',
        cause: parsed.error,
      });
    this.#parsed.set(key, { document, value: parsed.data });
    return parsed.data;
  }
}
