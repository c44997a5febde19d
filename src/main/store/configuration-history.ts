import { deflateSync, inflateSync } from 'node:zlib';

import type { Database } from './database.ts';

/** Bytes that a packed text may unfold to; far above any configuration that is accepted. */
const unpackedLimit = 256 * 1024 * 1024;

export type MomentKind = 'start' | 'change' | 'file' | 'restore' | 'undo' | 'snapshot' | 'import';

/** What one change of one property was, in words. */
export interface MomentChange {
  readonly object: string;
  readonly property: string;
  readonly from?: string;
  readonly to?: string;
}

/** One configuration that was put in force, or kept by hand. */
export interface ConfigurationMoment {
  readonly id: number;
  readonly at: number;
  readonly by: string;
  readonly kind: MomentKind;
  readonly revision: string;
  readonly note: string;
  readonly changes: readonly MomentChange[];
}

/** The configuration itself, and which secrets were there. */
export interface KeptConfiguration extends ConfigurationMoment {
  readonly text: string;
  readonly secrets: Readonly<Record<string, boolean>>;
  /** What is kept outside the configuration, as JSON; undefined where it could not be read. */
  readonly sections: string | undefined;
}

interface Row extends Omit<ConfigurationMoment, 'changes'> {
  readonly changes: string;
}

interface KeptRow extends Row {
  readonly packed: Uint8Array;
  readonly secrets: string;
  readonly sections: Uint8Array | null;
}

const columns = 'id, at, by, kind, revision, note, changes';

/** Who changed the configuration when, from what to what. */
export class ConfigurationHistory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Resolves with the moment's number once it is on disk. */
  append(moment: Omit<KeptConfiguration, 'id'>): Promise<number> {
    return this.#database.commit(() =>
      this.#database.insert(
        `INSERT INTO configuration_moment (at, by, kind, revision, note, changes, packed, secrets, sections)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        moment.at,
        moment.by,
        moment.kind,
        moment.revision,
        moment.note,
        JSON.stringify(moment.changes),
        deflateSync(moment.text),
        JSON.stringify(moment.secrets),
        moment.sections === undefined ? null : deflateSync(moment.sections),
      ),
    );
  }

  /** Newest first, from before the moment `before`. */
  list(limit: number, before?: number): readonly ConfigurationMoment[] {
    return this.#database
      .all<Row>(
        `SELECT ${columns} FROM configuration_moment WHERE id < ? ORDER BY id DESC LIMIT ?`,
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .map(toMoment);
  }

  find(id: number): KeptConfiguration | undefined {
    return this.#read('WHERE id = ?', id);
  }

  newest(): KeptConfiguration | undefined {
    return this.#read('ORDER BY id DESC LIMIT 1');
  }

  /** The newest that is more than a copy of what was in force already. */
  newestChange(): KeptConfiguration | undefined {
    return this.#read("WHERE kind <> 'snapshot' ORDER BY id DESC LIMIT 1");
  }

  /** What was in force at a time: the last moment before it. */
  at(time: number): KeptConfiguration | undefined {
    return this.#read('WHERE at <= ? ORDER BY at DESC, id DESC LIMIT 1', time);
  }

  /** What came before a moment. */
  previousOf(id: number): KeptConfiguration | undefined {
    return this.#read('WHERE id < ? ORDER BY id DESC LIMIT 1', id);
  }

  /** Forgets what is older than `before`, except the newest; returns how many. */
  prune(before: number): Promise<number> {
    return this.#database.commit(() =>
      this.#database.run(
        'DELETE FROM configuration_moment WHERE at < ? AND id < (SELECT max(id) FROM configuration_moment)',
        before,
      ),
    );
  }

  #read(condition: string, ...values: (string | number)[]): KeptConfiguration | undefined {
    const row = this.#database.get<KeptRow>(
      `SELECT ${columns}, packed, secrets, sections FROM configuration_moment ${condition}`,
      ...values,
    );
    if (row === undefined) return undefined;
    const { packed, secrets, sections, ...rest } = row;
    return {
      ...toMoment(rest),
      text: unpack(packed),
      sections: sections === null ? undefined : unpack(sections),
      secrets: JSON.parse(secrets) as KeptConfiguration['secrets'],
    };
  }
}

function unpack(packed: Uint8Array): string {
  return inflateSync(packed, { maxOutputLength: unpackedLimit }).toString('utf8');
}

function toMoment({ changes, ...row }: Row): ConfigurationMoment {
  return { ...row, changes: JSON.parse(changes) as ConfigurationMoment['changes'] };
}
