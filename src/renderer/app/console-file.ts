import { z } from 'zod';

import type { ConsoleView } from '#console/console-store.ts';
import { type ConsoleDestination, consoleDestinationSchema } from '#shared/model/console-destination.ts';

const path = z.string().min(1).max(1024);

/** What a `.carillon` file holds: the tree, the lists and the connection; no secret, and nothing that was read. */
const consoleFileSchema = z.strictObject({
  carillon: z.literal(1),
  connection: consoleDestinationSchema,
  root: path,
  selected: path,
  expanded: z.array(path).max(500),
  columns: z.record(
    path,
    z.strictObject({
      columns: z.array(z.string().max(80)).max(100),
      widths: z.record(z.string().max(80), z.number().min(0).max(10_000)),
      sort: z.strictObject({ column: z.string().max(80), descending: z.boolean() }).optional(),
    }),
  ),
});

export interface ConsoleFile {
  readonly view: ConsoleView;
  readonly connection: ConsoleDestination;
}

/** A console as the text of its file. */
export function writeConsoleFile({ view, connection }: ConsoleFile): string {
  const { root, selected, expanded, layouts } = view;
  const file = { carillon: 1, connection, root, selected, expanded, columns: layouts };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads a console file. Throws an error in words for whoever opened it. */
export function readConsoleFile(name: string, text: string): ConsoleFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`"${name}" is no console file: it is not JSON`, { cause });
  }
  const file = consoleFileSchema.safeParse(value);
  if (!file.success)
    throw new Error(`"${name}" is no console file of this version: ${z.prettifyError(file.error)}`);
  const { connection, root, selected, expanded, columns } = file.data;
  const layouts = Object.fromEntries(
    Object.entries(columns).map(([node, { sort, ...layout }]) => [node, { ...layout, sort }]),
  );
  return { connection, view: { root, selected, expanded, layouts } };
}
