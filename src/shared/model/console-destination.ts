import { z } from 'zod';

/** A host by its name or address. */
export const serverHostSchema = z
  .string()
  .max(255)
  .regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]+)$/, 'Is not the name of a computer');
export const serverPortSchema = z.int().min(1).max(65_535);

/** Which service a console talks to; holds no secret, since console files carry it. */
export const consoleDestinationSchema = z.discriminatedUnion('kind', [
  /** The engine that came with the console. */
  z.strictObject({ kind: z.literal('here') }),
  /** What the program that opened the console offers itself, over a contract of its own. */
  z.strictObject({ kind: z.literal('desk') }),
  /** The servers that this user knows, and their keys: offered by every program that opens a console. */
  z.strictObject({ kind: z.literal('servers') }),
  /** A service on another computer, by its remote access; its key is kept apart, since whoever sends a file could name one. */
  z.strictObject({ kind: z.literal('server'), host: serverHostSchema, port: serverPortSchema }),
  /** A service on this computer by its data directory. An absolute path; a network path would sign in elsewhere. */
  z.strictObject({
    kind: z.literal('directory'),
    path: z
      .string()
      .max(1024)
      .regex(/^(\/(?!\/)|[A-Za-z]:[\\/])[^\0]*$/, 'Is the full path of a folder on this computer'),
  }),
]);
export type ConsoleDestination = z.infer<typeof consoleDestinationSchema>;

/** Longest text of a destination, characters. */
export const destinationLimit = 4096;

/** Reads a destination from its JSON text. Throws `SyntaxError` or a `ZodError`. */
export function parseDestination(text: string): ConsoleDestination {
  if (text.length > destinationLimit) throw new SyntaxError('The destination is too long');
  return consoleDestinationSchema.parse(JSON.parse(text));
}
