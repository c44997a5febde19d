import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';

/** Largest console file, bytes: a tree's open nodes and columns, far below this. */
export const consoleFileLimit = 256 * 1024;

/** A console file as the page gets it; what is in it is the page's to judge. */
export interface ConsoleFileText {
  readonly name: string;
  readonly text: string;
}

/** The console files that a command line names, as full paths; the first argument is the program. */
export function findConsoleFiles(argv: readonly string[], cwd: string): readonly string[] {
  return argv
    .slice(1)
    .filter((argument) => !argument.startsWith('-') && /\.carillon$/i.test(argument))
    .map((argument) => resolve(cwd, argument));
}

/** Throws where the file is none, or too long for one. */
export async function readConsoleFile(path: string): Promise<ConsoleFileText> {
  const found = await stat(path);
  if (!found.isFile() || found.size > consoleFileLimit) throw new RangeError(`${path} is no console file`);
  return { name: basename(path), text: await readFile(path, 'utf8') };
}

/** Writes a console file and gives its name. */
export async function writeConsoleFile(path: string, text: string): Promise<string> {
  if (Buffer.byteLength(text) > consoleFileLimit) throw new RangeError('The console file is too long');
  await writeFile(path, text);
  return basename(path);
}
