import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import type { AuditEntry, AuditTable } from '#sso/ports.ts';

import type { Database } from './database.ts';

export const auditTables: readonly AuditTable[] = [
  'administration',
  'deleted-applications',
  'deleted-mappings',
  'external-credential-lookups',
  'windows-credential-lookups',
];

/** One line of a trail, as it is kept and as its digest covers it. */
export interface AuditLine extends Omit<AuditEntry, 'table' | 'level'> {
  readonly at: number;
}

export interface StoredAuditLine extends AuditLine {
  readonly sequence: number;
}

/** What is wrong with a trail: where, and in words. */
export interface AuditFinding {
  readonly table: AuditTable;
  readonly sequence: number | undefined;
  readonly problem: string;
}

export interface AuditVerdict {
  readonly lines: number;
  readonly findings: readonly AuditFinding[];
}

interface Head {
  readonly firstSequence: number;
  readonly beforeFirst: Uint8Array;
  readonly lastSequence: number;
  readonly lastDigest: Uint8Array;
  readonly proof: Uint8Array;
}

interface Row {
  readonly sequence: number;
  readonly line: string;
  readonly digest: Uint8Array;
}

const origin = new Uint8Array(32);

/**
 * The audit tables, each a chain under a key of the vault: a line's digest covers the one before, and a head says where
 * the chain begins and ends. Without the key nobody makes a line that fits; a line altered, taken out or put in is
 * found, wherever it stood. Only going back to an older copy of the whole database is not.
 */
export class SsoAuditTrail {
  readonly #database: Database;
  readonly #key: KeyObject;
  readonly #capacity: (table: AuditTable) => number;
  readonly #waiting = new Map<AuditTable, { readonly lines: AuditLine[]; readonly written: Promise<void> }>();

  /** `key` is copied and stays the caller's; `capacity` is how many lines a table keeps. */
  constructor(database: Database, key: SecretBytes, capacity: (table: AuditTable) => number) {
    this.#database = database;
    // Made once: a line costs two digests, and wrapping the bytes costs as much as they do.
    this.#key = createSecretKey(key.bytes);
    this.#capacity = capacity;
  }

  /** Resolves when the line is on disk. Lines that come before their transaction begins share one head. */
  append(table: AuditTable, line: AuditLine): Promise<void> {
    const waiting = this.#waiting.get(table);
    if (waiting !== undefined) {
      waiting.lines.push(line);
      return waiting.written;
    }
    const lines = [line];
    const written = this.#database.commit(() => {
      this.#waiting.delete(table);
      this.#writeLines(table, lines);
    });
    this.#waiting.set(table, { lines, written });
    // Where no transaction even began, the next line waits for another.
    written.catch(() => {
      if (this.#waiting.get(table)?.lines === lines) this.#waiting.delete(table);
    });
    return written;
  }

  /** Newest first. */
  list(table: AuditTable, limit: number, before?: number): readonly StoredAuditLine[] {
    return this.#database
      .all<Row>(
        'SELECT sequence, line FROM sso_audit WHERE trail = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?',
        table,
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      .map(({ sequence, line }) => ({ sequence, ...(JSON.parse(line) as AuditLine) }));
  }

  /** Goes along every chain. */
  verify(): AuditVerdict {
    let lines = 0;
    const findings: AuditFinding[] = [];
    for (const table of auditTables) {
      const verdict = this.#verifyTable(table);
      lines += verdict.lines;
      findings.push(...verdict.findings);
    }
    return { lines, findings };
  }

  #verifyTable(table: AuditTable): AuditVerdict {
    const findings: AuditFinding[] = [];
    const find = (sequence: number | undefined, problem: string): void => {
      findings.push({ table, sequence, problem });
    };
    const head = this.#readHead(table);
    if (head !== undefined && !isSame(head.proof, this.#prove(table, head)))
      find(undefined, 'What says where the table begins and ends was altered');
    let expected = head?.firstSequence ?? 1;
    let before = head?.beforeFirst ?? origin;
    let lines = 0;
    const rows = this.#database.iterate<Row>(
      'SELECT sequence, line, digest FROM sso_audit WHERE trail = ? ORDER BY sequence',
      table,
    );
    for (const { sequence, line, digest } of rows) {
      lines += 1;
      const hasGap = sequence !== expected;
      if (sequence > expected)
        find(
          expected,
          sequence - expected === 1 ? 'The line was removed' : `${sequence - expected} lines were removed`,
        );
      else if (hasGap) find(sequence, 'The line was put in');
      // Behind a gap the chain cannot be followed; what comes after is held against what stands there.
      if (!hasGap && !isSame(digest, this.#digestLine(table, sequence, before, line)))
        find(sequence, 'The line was altered');
      before = digest;
      expected = sequence + 1;
    }
    if (head === undefined && lines > 0)
      find(undefined, 'What says where the table begins and ends was removed');
    const missing = (head?.lastSequence ?? expected - 1) - (expected - 1);
    if (missing > 0)
      find(expected, missing === 1 ? 'The last line was removed' : `The last ${missing} lines were removed`);
    return { lines, findings };
  }

  #writeLines(table: AuditTable, lines: readonly AuditLine[]): void {
    const head = this.#readHead(table);
    let lastSequence = head?.lastSequence ?? 0;
    let lastDigest = head?.lastDigest ?? origin;
    for (const line of lines) {
      lastSequence += 1;
      const text = JSON.stringify(line);
      lastDigest = this.#digestLine(table, lastSequence, lastDigest, text);
      this.#database.run(
        'INSERT INTO sso_audit (trail, sequence, line, digest) VALUES (?, ?, ?, ?)',
        table,
        lastSequence,
        text,
        lastDigest,
      );
    }
    const start = this.#prune(table, head, lastSequence);
    this.#writeHead(table, { ...start, lastSequence, lastDigest });
  }

  #prune(
    table: AuditTable,
    head: Head | undefined,
    last: number,
  ): Pick<Head, 'firstSequence' | 'beforeFirst'> {
    const start = { firstSequence: head?.firstSequence ?? 1, beforeFirst: head?.beforeFirst ?? origin };
    const capacity = Math.max(1, this.#capacity(table));
    const first = last - capacity + 1;
    // Some at a time: a full table would else pay for it at every line.
    if (first - start.firstSequence <= capacity / 20) return start;
    const before = this.#database.get<Row>(
      'SELECT digest FROM sso_audit WHERE trail = ? AND sequence = ?',
      table,
      first - 1,
    );
    // A hole that somebody made stays to be found.
    if (before === undefined) return start;
    this.#database.run('DELETE FROM sso_audit WHERE trail = ? AND sequence < ?', table, first);
    return { firstSequence: first, beforeFirst: before.digest };
  }

  #readHead(table: AuditTable): Head | undefined {
    return this.#database.get<Head>(
      `SELECT first_sequence AS firstSequence, before_first AS beforeFirst, last_sequence AS lastSequence,
          last_digest AS lastDigest, proof FROM sso_audit_head WHERE trail = ?`,
      table,
    );
  }

  #writeHead(table: AuditTable, head: Omit<Head, 'proof'>): void {
    this.#database.run(
      `INSERT OR REPLACE INTO sso_audit_head
          (trail, first_sequence, before_first, last_sequence, last_digest, proof) VALUES (?, ?, ?, ?, ?, ?)`,
      table,
      head.firstSequence,
      head.beforeFirst,
      head.lastSequence,
      head.lastDigest,
      this.#prove(table, head),
    );
  }

  #digestLine(table: AuditTable, sequence: number, before: Uint8Array, line: string): Uint8Array {
    return this.#mac().update(`line ${table} ${sequence} `).update(before).update(line).digest();
  }

  #prove(table: AuditTable, head: Omit<Head, 'proof'>): Uint8Array {
    const { firstSequence, beforeFirst, lastSequence, lastDigest } = head;
    return this.#mac()
      .update(`head ${table} ${firstSequence} ${lastSequence} `)
      .update(beforeFirst)
      .update(lastDigest)
      .digest();
  }

  #mac() {
    return createHmac('sha256', this.#key);
  }
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
