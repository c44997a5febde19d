import { statfsSync } from 'node:fs';
import { hostname } from 'node:os';

import type { KnownController } from '#shared/contract/capture.ts';
import type { Finding } from '#shared/contract/finding.ts';
import type { ChannelStatus, SystemStatus } from '#shared/contract/system.ts';
import { usesKerberos } from '#shared/model/agent.ts';

import { checkConfiguration } from './configuration/check-configuration.ts';
import type { ConfigurationFile } from './configuration/configuration-file.ts';
import { findFindings } from './health/find-findings.ts';
import { findMissingModules, findNativeModules } from './health/native-modules.ts';
import type { StoreServices } from './store-services.ts';
import { version } from './version.ts';

export interface StatusParts {
  readonly mode: SystemStatus['mode'];
  readonly dataDirectory: string;
  readonly startedAt: number;
  readonly now: () => number;
  readonly file: ConfigurationFile;
  readonly store: StoreServices;
  readonly controllers: () => readonly KnownController[];
  readonly channel: () => ChannelStatus;
  readonly remote: () => ChannelStatus;
  readonly metricsUrl: () => string | undefined;
  readonly hasCredential: (agent: string) => boolean;
  /** Targets that do not answer. */
  readonly open: () => readonly string[];
}

/** Puts the state of a server together, with what needs attention. */
export async function describeSystem(parts: StatusParts): Promise<SystemStatus> {
  const { mode, dataDirectory, startedAt, file, store } = parts;
  const { configuration, revision } = file.running;
  const depths = store.queue.depths();
  const lock = store.keys.readLock();
  const keys = store.keys.readKeys();
  const channel = parts.channel();
  const metricsUrl = parts.metricsUrl();
  const oldest = depths.flatMap(({ oldestReceivedAt }) => oldestReceivedAt ?? []);
  const modules = findNativeModules();
  const active = keys.find(({ state }) => state === 'active');
  return {
    version,
    mode,
    host: hostname(),
    pid: process.pid,
    startedAt,
    dataDirectory,
    configurationFile: file.path,
    revision,
    passwordSync: configuration.passwordSync.enabled,
    keys: {
      keeper: lock?.keeper ?? configuration.keyKeeper.kind,
      open: mode === 'service',
      ...(active === undefined ? {} : { version: active.version }),
    },
    channel,
    remote: parts.remote(),
    ...(metricsUrl === undefined ? {} : { metricsUrl }),
    agents: configuration.agents.length,
    people: store.people.count(),
    queue: {
      waiting: depths.reduce((sum, { waiting }) => sum + waiting, 0),
      parked: depths.reduce((sum, { parked }) => sum + parked, 0),
      ...(oldest.length === 0 ? {} : { oldestReceivedAt: Math.min(...oldest) }),
    },
    findings: [
      ...findFindings({
        now: parts.now(),
        configuration,
        depths,
        controllers: parts.controllers(),
        channel,
        remote: parts.remote(),
        lastKeyBackupAt: lock?.backedUpAt,
        keysCreatedAt: keys.find(({ state }) => state === 'root')?.createdAt,
        hasCredential: parts.hasCredential,
        open: parts.open(),
        disk: { path: dataDirectory, freeBytes: freeBytesOf(dataDirectory) },
      }),
      ...findMissingModules(modules, neededModules(file)),
      ...judgeConfiguration(file),
    ],
  };
}

function freeBytesOf(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** What a check of the running text finds today: files go, certificates expire, and warnings were let pass. */
function judgeConfiguration({ running }: ConfigurationFile): readonly Finding[] {
  return checkConfiguration(running.text).mistakes.map(({ severity, path, message, fix }) => ({
    severity,
    subject: path === '' ? 'Configuration' : path,
    message,
    fix,
    ...(path === '' ? {} : { place: { kind: 'setting', path } as const }),
  }));
}

/** Native modules without which this configuration does not work as a whole. */
function neededModules({ configuration }: ConfigurationFile): ReadonlySet<string> {
  const needed = new Set<string>();
  const gssapi = configuration.agents.some(usesKerberos);
  if (configuration.channel !== undefined || configuration.remote !== undefined || gssapi)
    needed.add('kerberos');
  if (configuration.keyKeeper.kind === 'keychain') needed.add('keytar');
  return needed;
}
