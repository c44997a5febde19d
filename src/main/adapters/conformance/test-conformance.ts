import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { messageOf } from '#shared/model/message-of.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { TestServer, type TestSession } from './test-server.ts';

export interface ConformanceOptions {
  readonly command: string;
  readonly arguments: readonly string[];
  /** Milliseconds that the adapter may take for each answer. */
  readonly timeout: number;
}

export interface ConformanceCheck {
  readonly what: string;
  readonly ok: boolean;
  /** What came instead, where it failed. */
  readonly detail: string;
}

export interface ConformanceReport {
  readonly ok: boolean;
  readonly checks: readonly ConformanceCheck[];
}

/** Name, account and password that the adapter is tested with. */
const adapter = 'conformance';
const account = 'carillon-test';

/**
 * Starts an adapter against a server of its own and checks what the protocol asks of it. The adapter is told where to
 * connect in its environment: CARILLON_ADAPTER_SOCKET, CARILLON_ADAPTER_TOKEN_FILE, CARILLON_ADAPTER_NAME. It sets one
 * password, of the account `carillon-test`; where its external system has no such account it may say so.
 */
export async function testConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const directory = mkdtempSync(join(tmpdir(), 'carillon-adapter-'));
  const token = randomBytes(32).toString('hex');
  const tokenFile = join(directory, `${adapter}.token`);
  writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
  const server = new TestServer({ path: join(directory, 'socket'), token, timeout: options.timeout });
  await server.start();
  const child = spawn(options.command, [...options.arguments], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      CARILLON_ADAPTER_SOCKET: server.path,
      CARILLON_ADAPTER_TOKEN_FILE: tokenFile,
      CARILLON_ADAPTER_NAME: adapter,
    },
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const checks: ConformanceCheck[] = [];
  const check = async (what: string, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      checks.push({ what, ok: true, detail: '' });
      return true;
    } catch (error) {
      checks.push({ what, ok: false, detail: messageOf(error) });
      return false;
    }
  };
  const password = makePassword();
  let session: TestSession | undefined;
  try {
    const isIn = await check('connects, says hello first, and shows its token', async () => {
      session = await server.nextSession();
    });
    const first = session;
    if (isIn && first !== undefined) {
      await check('waits for notifications with receive', () => first.expectReceive());
      await check('answers a status request', () => first.askStatus());
      await check('confirms a password change once, by its number', async () => {
        await first.giveChange(7, account, password);
        await first.expectConfirmation(7);
      });
      await check('passes over a notification of a kind that it does not know', async () => {
        await first.giveUnknown();
        await first.expectReceive();
      });
      await check('goes on after its message was refused', async () => {
        await first.giveChange(8, account, password);
        await first.expectConfirmation(8, { refuse: true });
        await first.expectReceive();
      });
      await check('sends no password but in the bytes behind a line', async () =>
        first.requireNoLeak(password),
      );
      await check('comes back after the link is lost', async () => {
        first.drop();
        session = await server.nextSession();
      });
      const second = session;
      if (second !== undefined && second !== first) {
        await check('takes the same change again after it came back', async () => {
          await second.giveChange(7, account, password);
          await second.expectConfirmation(7);
        });
        await check('ends the session when it is told to shut down', () => second.shutDown());
      }
    }
    await check('ends on SIGTERM', async () => {
      child.kill('SIGTERM');
      const timer = new Promise<'late'>((resolve) => setTimeout(resolve, options.timeout, 'late').unref());
      if ((await Promise.race([ended, timer])) === 'late') throw new Error('it went on');
    });
  } finally {
    child.kill('SIGKILL');
    password.wipe();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  return { ok: checks.every(({ ok }) => ok), checks };
}

/** Letters beyond ASCII, a quote and a backslash: what careless programs stumble over. */
function makePassword(): SecretBytes {
  return SecretBytes.take(new TextEncoder().encode(`Prüf-"1\\'${randomBytes(6).toString('hex')} ß`));
}
