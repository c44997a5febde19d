import { join } from 'node:path';

import { requireCommand } from './run-command.ts';

const root = join(import.meta.dirname, '../..');

/** The program and first arguments that run the command line from its source. */
export const carillonProgram: readonly string[] = [process.execPath, join(root, 'src/main/cli.ts')];

export interface CarillonCommandOptions {
  /** Written to standard input, as at a prompt for a password. */
  readonly input?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Data directory of the service to talk to. */
  readonly data?: string;
  readonly timeout?: number;
}

/** Runs one command of the product and gives what it prints with `--json`; throws with its words when it fails. */
export async function runCarillon<T = unknown>(
  args: readonly string[],
  options: CarillonCommandOptions = {},
): Promise<T> {
  const { data, ...rest } = options;
  const [program = '', ...first] = carillonProgram;
  const place = data === undefined ? [] : ['--data', data];
  const { stdout } = await requireCommand(program, [...first, ...place, '--json', ...args], rest);
  return JSON.parse(stdout || 'null') as T;
}
