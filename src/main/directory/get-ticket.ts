import { spawn } from 'node:child_process';

import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { prepareTickets } from './kerberos-environment.ts';
import { KerberosError } from './kerberos-error.ts';

/** How long domain controllers may take to answer, milliseconds. */
const limit = 20_000;
const newline = 0x0a;

/**
 * Signs in with a password, as `kinit` does: the ticket joins this process' collection, and whoever asks for the
 * principal finds it there. The library binding knows no passwords, so the system's own program gets this one over its
 * standard input. Throws `KerberosError`.
 */
export async function getTicket(principal: string, password: SecretBytes): Promise<void> {
  if (password.bytes.includes(newline))
    throw new KerberosError('no-ticket', `The password of ${principal} holds a line end`);
  const { PATH = '/usr/bin:/bin', KRB5_CONFIG } = process.env;
  const child = spawn('kinit', [principal], {
    stdio: ['pipe', 'ignore', 'pipe'],
    // Without a terminal it reads the password from standard input.
    detached: true,
    timeout: limit,
    killSignal: 'SIGKILL',
    env: {
      PATH,
      LC_ALL: 'C',
      KRB5CCNAME: prepareTickets(),
      ...(KRB5_CONFIG === undefined ? {} : { KRB5_CONFIG }),
    },
  });
  const said: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  // One that ends early says more by its exit code.
  child.stdin.on('error', () => undefined);
  const line = Buffer.from(new ArrayBuffer(password.length + 1));
  line.set(password.bytes);
  line[password.length] = newline;
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
      child.stdin.end(line);
    });
    if (code === 0) return;
    const words = Buffer.concat(said).toString('utf8').trim() || `kinit ended with ${code ?? 'a signal'}`;
    // Both stand for a password that is not the account's.
    if (/password incorrect|preauthentication failed/i.test(words))
      throw new KerberosError('no-ticket', `Kerberos, ${principal}: the password is wrong`);
    throw KerberosError.from(new Error(words.replace(/^kinit: /, '')), principal);
  } catch (error) {
    if (error instanceof KerberosError) throw error;
    throw new KerberosError('not-installed', 'The program kinit is not installed', error);
  } finally {
    line.fill(0);
  }
}
