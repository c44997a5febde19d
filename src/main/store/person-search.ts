import type { PersonClause } from '#shared/contract/people.ts';
import type { PersonId } from '#shared/model/change.ts';
import { foldText } from '#shared/text/folded-text.ts';

import type { Database } from './database.ts';

/** Sorts after every value that starts with what stands before it. */
export const afterAll = '\u{10FFFF}';

/** A condition as SQL over persons, with what it binds. */
interface Condition {
  readonly sql: string;
  readonly values: readonly string[];
}

/** Finds persons by conditions on their attributes. */
export class PersonSearch {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Persons that meet every clause, in row order. */
  find(clauses: readonly PersonClause[], limit: number): readonly PersonId[] {
    const conditions = clauses.map(conditionOf);
    const rows = this.#database.all<{ id: PersonId }>(
      `SELECT id FROM person WHERE ${conditions.map(({ sql }) => sql).join(' AND ')} ORDER BY id LIMIT ?`,
      ...conditions.flatMap(({ values }) => values),
      limit,
    );
    return rows.map(({ id }) => id);
  }
}

function conditionOf({ attribute, operator, value = '' }: PersonClause): Condition {
  const text = foldText(value);
  const among = (is: 'IN' | 'NOT IN', test: string, ...values: readonly string[]): Condition => ({
    sql: `id ${is} (SELECT person FROM person_value WHERE attribute = ? ${test})`,
    values: [attribute.toLowerCase(), ...values],
  });
  switch (operator) {
    case 'equals':
      return among('IN', 'AND value = ?', text);
    case 'starts-with':
      return among('IN', 'AND value >= ? AND value < ?', text, text + afterAll);
    case 'ends-with':
      return among('IN', 'AND substr(value, -length(?)) = ?', text, text);
    case 'contains':
      return among('IN', 'AND instr(value, ?) > 0', text);
    case 'does-not-contain':
      return among('NOT IN', 'AND instr(value, ?) > 0', text);
    case 'is-present':
      return among('IN', '');
    case 'is-not-present':
      return among('NOT IN', '');
    default:
      return operator satisfies never;
  }
}
