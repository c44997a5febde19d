import { spawn } from 'node:child_process';

import { messageOf } from '#shared/model/message-of.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { AdapterFailure, type AdapterWork, type PasswordToSet } from '../client/adapter-work.ts';
import { prepareCall, type ScriptConvention } from './script-convention.ts';

export interface ScriptSettings {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly convention: ScriptConvention;
  /** Milliseconds until the program is killed. */
  readonly timeout: number;
}

/** Exit codes that mean: try again later (sysexits.h EX_TEMPFAIL). */
const temporary = 75;
/** Characters of a program's output that go into a message. */
const longestSaid = 500;

/** Sets passwords by running a program for each. */
export function createScriptWork(settings: ScriptSettings): AdapterWork {
  return {
    software: `script ${settings.command}`,
    setPassword: (change, password, oldPassword, signal) =>
      runScript(settings, change, password, oldPassword, signal),
    // There is nothing to ask: whether the program works shows when it is run.
    probe: async () => undefined,
    close: async () => undefined,
  };
}

async function runScript(
  { timeout, ...settings }: ScriptSettings,
  change: PasswordToSet,
  password: SecretBytes,
  oldPassword: SecretBytes | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { command } = settings;
  using call = prepareCall(settings, change, password, oldPassword);
  const child = spawn(call.program, call.arguments, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...call.environment },
    timeout,
    killSignal: 'SIGKILL',
    signal,
  });
  let said = '';
  const listen = (chunk: Buffer): void => {
    if (said.length < longestSaid) said += chunk.toString('utf8');
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  // A program that reads nothing closes its input; its exit code says more than EPIPE.
  child.stdin.on('error', () => undefined);
  const written = new Promise<void>((resolve) => {
    child.stdin.end(call.input.bytes, () => resolve());
    child.stdin.once('close', resolve);
  });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, killedBy) => resolve(code ?? killedBy ?? 'signal'));
  });
  const code = await ended.catch((cause: unknown) => {
    throw new AdapterFailure(`${command} cannot be run: ${messageOf(cause)}`, {
      isTemporary: true,
      cause,
    });
  });
  await written;
  if (code === 0 && call.isSuccess(said)) return;
  const message = `${command} ended with ${code}: ${clean(said, [password, oldPassword])}`;
  if (typeof code === 'string') throw new AdapterFailure(message, { code: 128, isTemporary: true });
  throw new AdapterFailure(message, { code: code === 0 ? 1 : code, isTemporary: code === temporary });
}

/** What a program printed, without control characters; nothing of it where it printed a password. */
function clean(said: string, secrets: readonly (SecretBytes | undefined)[]): string {
  const printed = Buffer.from(said);
  try {
    for (const secret of secrets)
      if (secret !== undefined && secret.length > 0 && printed.includes(Buffer.from(secret.bytes.buffer)))
        return 'it printed a password, so its output is left out';
    const text = said.replaceAll(/\p{Cc}+/gu, ' ').trim();
    return text === '' ? 'it said nothing' : text;
  } finally {
    printed.fill(0);
  }
}
