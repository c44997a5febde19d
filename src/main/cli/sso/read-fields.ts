import { AppError } from '#shared/model/app-error.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';
import { packFields } from '#shared/secret/credential-fields.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { readNewSecret, readSecret } from '../read-secret.ts';
import type { Terminal } from '../terminal.ts';

const newline = 0x0a;

/** What was typed for the credential fields of an application: packed as the service takes it. The caller wipes both. */
export interface TypedFields extends Disposable {
  readonly fields: SecretBytes;
  /** From a pipe: the line behind those of the fields. */
  readonly windowsPassword: SecretBytes | undefined;
}

/** Asks for each field at the terminal, or takes a line for each from a pipe. */
export async function readFields(terminal: Terminal, application: SsoApplication): Promise<TypedFields> {
  const labels = application.fields.slice(1).map(({ label }) => label);
  const values = terminal.stdin.isTTY
    ? await askEach(terminal, labels)
    : await readLines(terminal, labels.length + 1);
  const windowsPassword = values.length > labels.length ? values.pop() : undefined;
  try {
    if (values.length < labels.length)
      throw new AppError(
        'invalid_input',
        `${application.name} has ${labels.length} fields; ${values.length} were given`,
        {
          fix: `Write a line each for ${labels.join(', ')}.`,
        },
      );
    const fields = packFields(values);
    return {
      fields,
      windowsPassword,
      [Symbol.dispose]() {
        fields.wipe();
        windowsPassword?.wipe();
      },
    };
  } finally {
    for (const value of values) value.wipe();
  }
}

async function askEach(terminal: Terminal, labels: readonly string[]): Promise<SecretBytes[]> {
  const values: SecretBytes[] = [];
  for (const label of labels) values.push(await readNewSecret(terminal, label));
  return values;
}

async function readLines(terminal: Terminal, most: number): Promise<SecretBytes[]> {
  using all = await readSecret(terminal, 'Fields');
  const lines: SecretBytes[] = [];
  let start = 0;
  for (let at = 0; at <= all.length; at += 1) {
    if (at < all.length && all.bytes[at] !== newline) continue;
    lines.push(SecretBytes.copy(all.bytes.subarray(start, at)));
    start = at + 1;
  }
  if (lines.length <= most) return lines;
  for (const line of lines) line.wipe();
  throw new AppError('invalid_input', `More than ${most} lines were given`);
}
