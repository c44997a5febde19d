import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
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
const prefix = 'carillon-tickets-';

/** This process' tickets; a memory disk forgets them at the latest when the machine stops. */
let tickets: string | undefined;

/**
 * Points the Kerberos library at its files. They are process-wide environment variables, so this is the one place
 * that sets them, at start and when the configuration changes. Tickets go to a collection on a memory disk that
 * only this user may enter: with a client keytab it renews by itself, and several identities fit in
 * (KRB5CCNAME=MEMORY: holds one).
 */
export function setKerberosFiles({ serviceKeytab, clientKeytab, configuration }: KerberosFiles): void {
  const { env } = process;
  if (serviceKeytab !== undefined) env['KRB5_KTNAME'] = `FILE:${serviceKeytab}`;
  if (configuration !== undefined) env['KRB5_CONFIG'] = configuration;
  if (clientKeytab === undefined) return;
  env['KRB5_CLIENT_KTNAME'] = `FILE:${clientKeytab}`;
  env['KRB5CCNAME'] = `DIR:${makeTicketFolder()}`;
}

/** This process' collection of tickets, made where there is none yet. */
export function prepareTickets(): string {
  if (tickets === undefined) process.env['KRB5CCNAME'] = `DIR:${makeTicketFolder()}`;
  return `DIR:${tickets}`;
}

/** A new empty folder each time: tickets of an older keytab must not outlive it. */
function makeTicketFolder(): string {
  const place = existsSync(memoryDisk) ? memoryDisk : tmpdir();
  if (tickets === undefined) {
    removeLeftovers(place);
    process.once('exit', removeTickets);
  }
  removeTickets();
  tickets = mkdtempSync(join(place, `${prefix}${process.pid}-`));
  return tickets;
}

function removeTickets(): void {
  if (tickets !== undefined) rmSync(tickets, { recursive: true, force: true });
}

/** Folders of processes that were killed. */
function removeLeftovers(place: string): void {
  for (const name of readdirSync(place)) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || isRunning(Number(owner))) continue;
    try {
      rmSync(join(place, name), { recursive: true, force: true });
    } catch {
      // Another user's.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
