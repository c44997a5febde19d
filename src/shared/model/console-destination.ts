import { z } from 'zod';

/** Which service a console talks to; holds no secret, since console files carry it. */
export const consoleDestinationSchema = z.discriminatedUnion('kind', [
  /** The engine that came with the console. */
  z.strictObject({ kind: z.literal('here') }),
  /** What the program that opened the console offers itself, over a contract of its own. */
  z.strictObject({ kind: z.literal('desk') }),
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
