import { valuesOf } from '#identity/connector-space.ts';
import type { Attributes } from '#identity/import-source.ts';
import { indexValues } from '#identity/index-values.ts';
import type { Metaverse, Person } from '#identity/metaverse.ts';
import type { PersonId } from '#shared/model/change.ts';
import { foldText } from '#shared/text/folded-text.ts';

import type { Database } from './database.ts';
import { afterAll } from './person-search.ts';

const columns = 'id, guid, object_type AS objectType, attributes';

interface PersonRow {
  readonly id: PersonId;
  readonly guid: string;
  readonly objectType: string;
  readonly attributes: string;
}

/** The metaverse in the server's database. Every attribute of a person can be looked up by value. */
export class PersonStore implements Metaverse {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(id: PersonId): Person | undefined {
    const row = this.#database.get<PersonRow>(`SELECT ${columns} FROM person WHERE id = ?`, id);
    return row === undefined ? undefined : toPerson(row);
  }

  withValue(attribute: string, value: string, limit: number): readonly PersonId[] {
    // SQLite plans a statement anew for each bound limit, which costs twice the look-up.
    const sql = `SELECT person FROM person_value WHERE attribute = ? AND value = ? ORDER BY person LIMIT ${limit}`;
    return this.#database
      .all<{ person: PersonId }>(sql, attribute.toLowerCase(), value)
      .map(({ person }) => person);
  }

  hasValue(attribute: string, value: string, id: PersonId): boolean {
    const sql = 'SELECT person FROM person_value WHERE attribute = ? AND value = ? AND person = ?';
    return this.#database.get(sql, attribute.toLowerCase(), value, id) !== undefined;
  }

  /** Persons with an attribute that starts with `text`, without regard to case, in row order. */
  search(text: string, limit: number): readonly Person[] {
    const start = foldText(text);
    if (start === '') return [];
    const ids = new Set<PersonId>();
    for (const attribute of this.#attributes()) {
      const rows = this.#database.all<{ person: PersonId }>(
        `SELECT DISTINCT person FROM person_value
         WHERE attribute = ? AND value >= ? AND value < ? LIMIT ?`,
        attribute,
        start,
        start + afterAll,
        limit,
      );
      for (const { person } of rows) ids.add(person);
    }
    const first = [...ids].sort((one, other) => one - other).slice(0, limit);
    return first.map((id) => this.find(id)).filter((person) => person !== undefined);
  }

  /** Number of persons. */
  count(): number {
    return this.#database.get<{ count: number }>('SELECT count(*) AS count FROM person')?.count ?? 0;
  }

  add(person: Omit<Person, 'id'>): PersonId {
    const id = this.#database.insert(
      'INSERT INTO person (guid, object_type, attributes) VALUES (?, ?, ?)',
      person.guid,
      person.objectType,
      JSON.stringify(person.attributes),
    );
    this.#reindex(id, {}, person.attributes);
    return id;
  }

  replace(before: Person, attributes: Attributes): void {
    this.#database.run(
      'UPDATE person SET attributes = ? WHERE id = ?',
      JSON.stringify(attributes),
      before.id,
    );
    this.#reindex(before.id, before.attributes, attributes);
  }

  remove(person: Person): void {
    this.#reindex(person.id, person.attributes, {});
    this.#database.run('DELETE FROM person WHERE id = ?', person.id);
  }

  #reindex(id: PersonId, before: Attributes, after: Attributes): void {
    const names = new Set([...Object.keys(before), ...Object.keys(after)].map((name) => name.toLowerCase()));
    for (const name of names) {
      const then = indexValues(valuesOf(before, name));
      const now = indexValues(valuesOf(after, name));
      for (const value of then)
        if (!now.includes(value))
          this.#database.run(
            'DELETE FROM person_value WHERE attribute = ? AND value = ? AND person = ?',
            name,
            value,
            id,
          );
      for (const value of now)
        if (!then.includes(value))
          this.#database.run(
            'INSERT INTO person_value VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
            name,
            value,
            id,
          );
    }
  }

  /** The names in the value index, found by leaps instead of a pass over it. */
  #attributes(): readonly string[] {
    return this.#database
      .all<{ name: string }>(
        `WITH RECURSIVE leap (name) AS (
           SELECT min(attribute) FROM person_value
           UNION ALL
           SELECT (SELECT min(attribute) FROM person_value WHERE attribute > leap.name)
           FROM leap WHERE leap.name IS NOT NULL
         ) SELECT name FROM leap WHERE name IS NOT NULL`,
      )
      .map(({ name }) => name);
  }
}

function toPerson(row: PersonRow): Person {
  return { ...row, attributes: JSON.parse(row.attributes) as Attributes };
}
