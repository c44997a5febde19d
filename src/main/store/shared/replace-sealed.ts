import type { ResealedRow } from '#vault/sealed-rows.ts';

import type { SharedDatabase } from './shared-database.ts';

/** Replaces a page of sealed values that nobody wrote meanwhile, in one statement: one row at a time costs a round trip each. */
export async function replaceSealed(
  database: SharedDatabase,
  table: 'credential' | 'notification',
  rows: readonly ResealedRow[],
): Promise<void> {
  const hex = (bytes: Uint8Array): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  await database.run(
    `UPDATE carillon.${table} t SET sealed = decode(r.after, 'hex')
      FROM unnest($1::bigint[], $2::text[], $3::text[]) AS r (id, before, after)
      WHERE t.id = r.id AND t.sealed = decode(r.before, 'hex')`,
    rows.map(({ id }) => String(id)),
    rows.map(({ before }) => hex(before)),
    rows.map(({ after }) => hex(after)),
  );
}
