import type { ListData } from '#console/scope-node.ts';
import type { Reading } from '#state/use-reading.ts';

/** One array for all that has no rows, as a list is to get the same one until something changes. */
const none: readonly never[] = [];

/** What was read as the rows of a node's list; none before the first answer. */
export function listDataOf<Row>({ value, loading, problem }: Reading<readonly Row[]>): ListData<Row> {
  return { rows: value ?? none, loading, ...(problem && { problem }) };
}
