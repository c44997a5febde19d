import { closeSync, openSync, readSync } from 'node:fs';

import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { AdapterFailure, type PasswordToSet } from '../client/adapter-work.ts';

/**
 * How a program wants to be called.
 *
 * `carillon`: the facts in the environment; on standard input the new password, a newline, the old one or nothing, a
 * newline. `samba-check`: as Samba's "check password script", account in SAMBA_CPS_ACCOUNT_NAME, password on standard
 * input. `samba-sync`: as the script of "samba-tool user syncpasswords", LDIF on standard input, "DONE-EXIT: " at the
 * end of its output. `ltb`: as the posthook of LTB Self Service Password, a shell script with login, new and old
 * password as $1, $2 and $3; a shell reads it after the passwords came on standard input, so that no argument list of
 * a process ever holds them.
 */
export const scriptConventions = ['carillon', 'samba-check', 'samba-sync', 'ltb'] as const;
export type ScriptConvention = (typeof scriptConventions)[number];

/** One run of a program; the input is wiped when it is disposed. */
export interface ScriptCall extends Disposable {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly input: SecretBytes;
  /** Whether the program, having ended with 0, says that it did its work. */
  isSuccess(said: string): boolean;
}

const encoder = new TextEncoder();
const newline = 0x0a;
const shells = /^#!\s*(?:\/usr\/bin\/env\s+)?(?:\/(?:usr\/)?bin\/)?(sh|bash|dash|ksh|zsh)\b/;
/** Reads the passwords, then the script as if they had been its arguments. */
const reader =
  'IFS= read -r new; IFS= read -r old; set -- "$CARILLON_ACCOUNT" "$new" "$old"; unset new old; . "$0"';

export function prepareCall(
  settings: {
    readonly command: string;
    readonly arguments: readonly string[];
    readonly convention: ScriptConvention;
  },
  change: PasswordToSet,
  password: SecretBytes,
  oldPassword: SecretBytes | undefined,
): ScriptCall {
  const { command, convention } = settings;
  const plain = { program: command, arguments: settings.arguments, isSuccess: () => true };
  switch (convention) {
    case 'samba-check': {
      const environment = { SAMBA_CPS_ACCOUNT_NAME: change.externalAccount };
      return withInput({ ...plain, environment }, SecretBytes.copy(password.bytes));
    }
    case 'samba-sync':
      return withInput(
        { ...plain, environment: {}, isSuccess: (said: string) => /^DONE-EXIT: /m.test(said) },
        toLdif(change.externalAccount, password),
      );
    case 'ltb': {
      const script = { program: shellOf(command), arguments: ['-c', reader, command, ...settings.arguments] };
      const call = { ...plain, ...script, environment: environmentOf(change) };
      return withInput(call, toLines(password, oldPassword));
    }
    case 'carillon':
      return withInput({ ...plain, environment: environmentOf(change) }, toLines(password, oldPassword));
  }
}

function withInput(call: Omit<ScriptCall, 'input' | typeof Symbol.dispose>, input: SecretBytes): ScriptCall {
  return { ...call, input, [Symbol.dispose]: () => input.wipe() };
}

function environmentOf(change: PasswordToSet): Record<string, string> {
  return {
    CARILLON_ACCOUNT: change.externalAccount,
    CARILLON_APPLICATION: change.application,
    CARILLON_TRACKING_ID: change.trackingId,
    CARILLON_TIMESTAMP: String(change.timestamp),
  };
}

function toLines(password: SecretBytes, oldPassword: SecretBytes | undefined): SecretBytes {
  if (password.bytes.includes(newline))
    throw new AdapterFailure('A password with a line break cannot be given to a program line by line');
  // An old one with a line break could not be told from the new one: it is left out.
  const old = oldPassword === undefined || oldPassword.bytes.includes(newline) ? undefined : oldPassword;
  const lines = SecretBytes.allocate(password.length + (old?.length ?? 0) + 2);
  lines.bytes.set(password.bytes);
  lines.bytes[password.length] = newline;
  if (old !== undefined) lines.bytes.set(old.bytes, password.length + 1);
  lines.bytes[lines.length - 1] = newline;
  return lines;
}

/** An entry as samba-tool writes it; a value in base64 needs no escapes. */
function toLdif(account: string, password: SecretBytes): SecretBytes {
  const name = Buffer.from(account).toString('base64');
  const head = encoder.encode(
    `dn:: ${Buffer.from(`CN=${account}`).toString('base64')}\nsAMAccountName:: ${name}\n`,
  );
  const label = encoder.encode('virtualClearTextUTF8:: ');
  using value = toBase64(password);
  const ldif = SecretBytes.allocate(head.length + label.length + value.length + 2);
  ldif.bytes.set(head);
  ldif.bytes.set(label, head.length);
  ldif.bytes.set(value.bytes, head.length + label.length);
  ldif.bytes.fill(newline, ldif.length - 2);
  return ldif;
}

const alphabet = encoder.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

/** Base64 without a string in between. */
function toBase64({ bytes }: SecretBytes): SecretBytes {
  const encoded = SecretBytes.allocate(Math.ceil(bytes.length / 3) * 4);
  const out = encoded.bytes;
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const [first = 0, second, third] = bytes.subarray(from, from + 3);
    const word = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    for (let digit = 0; digit < 4; digit += 1) {
      const isPadding = (digit === 2 && second === undefined) || (digit === 3 && third === undefined);
      out[to + digit] = isPadding ? 0x3d : (alphabet[(word >> (18 - 6 * digit)) & 63] ?? 0);
    }
  }
  return encoded;
}

/** The shell that a script asks for in its first line. */
function shellOf(script: string): string {
  const start = Buffer.alloc(128);
  try {
    const file = openSync(script, 'r');
    try {
      readSync(file, start);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new AdapterFailure(`${script} cannot be read`, { isTemporary: true, cause });
  }
  const shell = shells.exec(start.toString('latin1').split('\n')[0] ?? '')?.[1];
  if (shell !== undefined) return shell;
  throw new AdapterFailure(
    `${script} is no shell script, and nothing else can be run as an LTB hook without showing
passwords in its argument list`.replace('\n', ' '),
  );
}
