import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KerberosFiles {
  /** Keys of the services that this process accepts for. */
  readonly serviceKeytab?: string;
  /** Keys that it gets its own tickets with. */
  readonly clientKeytab?: string;
  /** krb5.conf, the system's own where absent. */
  readonly configuration?: string;
}

const memoryDisk = '/dev/shm';

/**
 * Points the Kerberos library at its files. They are process-wide environment variables, so this is the one place
 * that sets them, once, at start. Tickets go to a collection on a memory disk that only this user may enter: with
 * a client keytab it renews by itself, and several identities fit in (KRB5CCNAME=MEMORY: holds one).
 */
export function setKerberosFiles(files: KerberosFiles): void {
  const { env } = process;
  if (files.serviceKeytab !== undefined) env['KRB5_KTNAME'] = `FILE:${files.serviceKeytab}`;
  if (files.configuration !== undefined) env['KRB5_CONFIG'] = files.configuration;
  if (files.clientKeytab !== undefined) {
    env['KRB5_CLIENT_KTNAME'] = `FILE:${files.clientKeytab}`;
    const place = existsSync(memoryDisk) ? memoryDisk : tmpdir();
    env['KRB5CCNAME'] = `DIR:${mkdtempSync(join(place, 'carillon-tickets-'))}`;
  }
}
