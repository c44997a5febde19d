import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type CaptureConfiguration, captureConfigurationSchema } from '#capture/capture-configuration.ts';
import { type RunningCapture, startCapture } from '#capture/capture-host.ts';
import { installCapture } from '#capture/capture-install.ts';
import { openPcnsSession } from '#capture/open-pcns-session.ts';
import { createPcnscfgVerbs } from '#capture/pcnscfg-verbs.ts';
import type { Clock } from '#engine/clock.ts';
import { applyLdif, ldifLine } from '#lab/ldif.ts';
import { requireNamespace } from '#lab/namespace.ts';
import type { PasswordChange } from '#lab/password-changes.ts';
import { administratorBind, type RunningSambaDomain, startSambaDomain } from '#lab/samba-domain.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { noteRaised } from '#test/raised-events.ts';

import { RecordingChannel } from './recording-channel.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  schedule: (delay, run) => {
    const timer = setTimeout(run, delay);
    return () => clearTimeout(timer);
  },
};

export interface LoggedLine {
  readonly number?: number;
  readonly message: string;
  readonly account?: string;
}

/** A line of capture's journal. */
export function readLine(line: string): LoggedLine {
  const logged = JSON.parse(line) as LoggedLine;
  noteRaised(logged.number);
  return logged;
}

/** A domain controller whose passwords are captured, beside the lab's own on an address of its own. */
export interface CaptureDomain {
  readonly domain: RunningSambaDomain;
  readonly directory: string;
  readonly configuration: CaptureConfiguration;
}

export interface CaptureDomainOptions {
  readonly model?: 'prefork' | 'single';
  readonly settings?: object;
  readonly hook?: object;
  /** Further lines of [global]. */
  readonly globals?: readonly string[];
}

/** Provisions it, installs the hook as an administrator does, and starts Samba. */
export async function startCaptureDomain(options: CaptureDomainOptions = {}): Promise<CaptureDomain> {
  const directory = mkdtempSync(join(requireNamespace().directory, 'capture-'));
  const domain = await startSambaDomain({
    directory: join(directory, 'samba'),
    realm: 'NORTHWIND.LAB',
    address: '127.0.0.2',
    model: options.model ?? 'prefork',
    globals: options.globals ?? [],
  });
  const configuration = captureConfigurationSchema.parse({
    dataDirectory: join(directory, 'data'),
    smbConf: domain.smbConf,
    hook: {
      program: join(directory, 'carillon-hook'),
      configuration: join(directory, 'hook.conf'),
      socket: join(directory, 'run/hook.sock'),
      // On a busy machine the service may take its time; a change that it misses would be told otherwise.
      deadlineMs: 5000,
      ...options.hook,
    },
    pcns: { kind: 'file', path: join(directory, 'pcns.json') },
    reconcileInterval: 1,
    refreshInterval: 1,
    ...options.settings,
  });
  mkdirSync(directory, { recursive: true });
  await installCapture({ configuration, dryRun: false, write: () => undefined });
  writeFileSync(join(directory, 'capture.json'), JSON.stringify(configuration));
  await domain.restart();
  return { domain, directory, configuration };
}

/** Runs one line of pcnscfg against the domain. */
export async function pcnscfg({ configuration }: CaptureDomain, ...line: readonly string[]): Promise<string> {
  const [name = '', ...args] = line;
  const verbs = createPcnscfgVerbs((location) => openPcnsSession(location, configuration));
  const output: string[] = [];
  await verbs
    .find((verb) => verb.name === name)
    ?.run(args, {
      write: (text) => output.push(text),
      warn: () => undefined,
      readSecret: async () => SecretBytes.take(new TextEncoder().encode('Lab-Admin-1!')),
      json: false,
    });
  return output.join('\n');
}

/** The usual target: everybody in Domain Users. */
export function addUsualTarget(captured: CaptureDomain, ...more: readonly string[]): Promise<string> {
  const line = ['addtarget', '/N:MIM', '/A:intsvr1', '/S:PCNSCLNT/intsvr1', '/FI:NORTHWIND\\Domain Users'];
  return pcnscfg(captured, ...line, ...more);
}

export interface CaptureInProcess {
  readonly running: RunningCapture;
  readonly channel: RecordingChannel;
  readonly log: LoggedLine[];
}

/** Capture in this process, with a target that keeps what comes. */
export async function runCapture(captured: CaptureDomain): Promise<CaptureInProcess> {
  const channel = new RecordingChannel();
  const log: LoggedLine[] = [];
  const running = await startCapture(captured.configuration, {
    clock: realClock,
    productVersion: '0.0.0',
    channel,
    writeLine: (line) => log.push(readLine(line)),
  });
  return { running, channel, log };
}

/** An account of the domain with a first password; what it captures is for the caller to wait for. */
export async function createUser(
  { domain }: CaptureDomain,
  account: string,
  password: string,
): Promise<PasswordChange> {
  const dn = `CN=${account},CN=Users,${domain.baseDn}`;
  const entry = [
    `dn: ${dn}`,
    'objectClass: user',
    `sAMAccountName: ${account}`,
    `userPrincipalName: ${account}@${domain.realm.toLowerCase()}`,
    'userAccountControl: 512',
    ldifLine('unicodePwd', Buffer.from(`"${password}"`, 'utf16le')),
    '',
  ];
  await applyLdif(domain.ldapsUrl, entry.join('\n'), administratorBind(domain));
  return { account, dn, oldPassword: password, newPassword: password };
}

/** Resolves once `condition` holds. Capture rests ten times as long as a look at the directory took: a while, on a busy machine. */
export async function until(condition: () => boolean, limit = 45_000): Promise<void> {
  const end = Date.now() + limit;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Not within ${limit} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
