import { createInterface } from 'node:readline/promises';

import { AppError } from '#shared/model/app-error.ts';

import type { Terminal } from '../terminal.ts';

/** Asks for the external user of a mapping that is to be made. Throws `AppError` `not_found` where nobody can be asked. */
export async function askExternalUser(
  { stdin, stderr, interrupted }: Terminal,
  mapping: { readonly application: string; readonly windowsAccount?: string },
): Promise<string> {
  if (!stdin.isTTY)
    throw new AppError(
      'not_found',
      `${mapping.application} has no mapping of ${mapping.windowsAccount} (event 10757)`,
      { fix: 'Name the external user as the last argument, which makes the mapping.' },
    );
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    return (await lines.question('External user: ', { signal: interrupted })).trim();
  } finally {
    lines.close();
  }
}
