import type { KnownController } from '#shared/contract/capture.ts';
import type { Finding } from '#shared/contract/finding.ts';
import type { ChannelStatus } from '#shared/contract/system.ts';
import { needsCredential } from '#shared/model/agent.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { Depth } from '#store/queue-view.ts';

import { lastWord } from '../known-controllers.ts';

const day = 86_400_000;
/** Kerberos refuses tickets beyond this (RFC 4120 5.5.1, the usual setting). */
const clockLimit = 5 * 60_000;
const backupLimit = 30 * day;
/** Bytes without which the next import or backup is likely to fail. */
const leastRoom = 64 * 1024 * 1024;

/** What a server knows about itself, for judging its health. */
export interface HealthState {
  readonly now: number;
  readonly configuration: Configuration;
  readonly depths: readonly Depth[];
  readonly controllers: readonly KnownController[];
  readonly channel: ChannelStatus;
  readonly remote: ChannelStatus;
  readonly lastKeyBackupAt: number | undefined;
  /** When the first key was made: a new vault gets a day before its missing backup is told. */
  readonly keysCreatedAt: number | undefined;
  readonly hasCredential: (agent: string) => boolean;
  /** Targets that do not answer. */
  readonly open: readonly string[];
  /** The disk of the data directory. */
  readonly disk: { readonly path: string; readonly freeBytes: number };
}

/** Judges the state of a server, worst first. */
export function findFindings(state: HealthState): readonly Finding[] {
  const order = ['error', 'warning', 'information'];
  return [
    ...judgeChannel(state),
    ...judgeRemote(state),
    ...judgeAgents(state),
    ...judgeControllers(state),
    ...judgeKeys(state),
    ...judgeDisk(state),
  ].sort((left, right) => order.indexOf(left.severity) - order.indexOf(right.severity));
}

function judgeChannel({ channel, configuration }: HealthState): Finding[] {
  if (channel.state === 'failed')
    return [
      {
        severity: 'error',
        subject: 'Channel',
        message: `Domain controllers cannot deliver: ${channel.detail}`,
        fix: 'Correct "channel" in the configuration; their queues keep the changes meanwhile.',
        place: { kind: 'setting', path: 'channel' },
      },
    ];
  if (!configuration.passwordSync.enabled && configuration.channel !== undefined)
    return [
      {
        severity: 'warning',
        subject: 'Synchronization',
        message: 'Password synchronization is off: domain controllers keep their changes',
        fix: 'Turn it on: carillon sync enable',
        place: { kind: 'setting', path: 'passwordSync.enabled' },
      },
    ];
  return [];
}

function judgeDisk({ disk: { path, freeBytes } }: HealthState): Finding[] {
  if (freeBytes >= leastRoom) return [];
  return [
    {
      severity: 'error',
      subject: 'Disk',
      message: `The disk that holds ${path} has ${Math.floor(freeBytes / 1024 / 1024)} MiB left`,
      fix: 'Free space there: on a full disk no change is accepted and no run goes on. Work goes on by itself then.',
    },
  ];
}

function judgeRemote({ remote }: HealthState): Finding[] {
  if (remote.state !== 'failed') return [];
  return [
    {
      severity: 'error',
      subject: 'Remote access',
      message: `Consoles on other computers cannot connect: ${remote.detail}`,
      fix: 'Correct "remote" in the configuration.',
    },
  ];
}

function judgeAgents({ now, configuration, depths, open, hasCredential }: HealthState): Finding[] {
  const limit = configuration.passwordSync.maxQueueAge * 1000;
  return configuration.agents.flatMap((agent, index) => {
    const { id, name, password } = agent;
    const findings: Finding[] = [];
    const depth = depths.find(({ target }) => target === id);
    const oldest = depth?.oldestReceivedAt;
    if (open.includes(id))
      findings.push({
        severity: 'error',
        subject: name,
        message: `The target does not answer; ${depth?.waiting ?? 0} deliveries wait`,
        fix: `Find out why: carillon agents test '${name}'`,
      });
    if (oldest !== undefined && now - oldest > limit / 2)
      findings.push({
        severity: 'warning',
        subject: name,
        message: 'The oldest delivery has used up half of its time and expires with the rest',
        fix: `See what it waits for: carillon queue list --agent '${name}'`,
        place: { kind: 'queue' },
      });
    if ((depth?.parked ?? 0) > 0)
      findings.push({
        severity: 'warning',
        subject: name,
        message: `${depth?.parked} deliveries are parked for an administrator`,
        fix: `Look and decide: carillon queue list --agent '${name}' --parked`,
        place: { kind: 'queue' },
      });
    if (password.hold)
      findings.push({
        severity: 'information',
        subject: name,
        message: `On hold: ${depth?.waiting ?? 0} deliveries are collected`,
        fix: `Send them: carillon agents resume '${name}'`,
      });
    if (password.shadow && password.enabled)
      findings.push({
        severity: 'information',
        subject: name,
        message: 'In shadow mode: its changes are decided and reported, and none is written',
        fix: `Write them: carillon agents live '${name}'`,
      });
    if (needsCredential(agent) && !hasCredential(id))
      findings.push({
        severity: 'error',
        subject: name,
        message: 'The agent has no password to sign in with',
        fix: `Set it: carillon agents set-password '${name}'`,
        place: { kind: 'setting', path: `agents[${index}].connection` },
      });
    return findings.map((finding) => ({ place: { kind: 'agent', agent: id } as const, ...finding }));
  });
}

function judgeControllers({ now, controllers }: HealthState): Finding[] {
  return controllers.flatMap((controller) => {
    const { server, domain, capture, clockDifference = 0 } = controller;
    const findings: Finding[] = [];
    if (capture === 'missing')
      findings.push({
        severity: 'error',
        subject: server,
        message: `A domain controller of ${domain} without capture: password changes made there are lost`,
        fix: 'Install capture there: carillon capture install',
      });
    if (capture === 'silent')
      findings.push({
        severity: 'error',
        subject: server,
        message: `No heartbeat for ${Math.round((now - lastWord(controller)) / 60_000)} minutes: its password changes do not arrive`,
        fix: 'Look at the capture service there: carillon capture status',
      });
    if (Math.abs(clockDifference) > clockLimit / 2)
      findings.push({
        severity: Math.abs(clockDifference) > clockLimit ? 'error' : 'warning',
        subject: server,
        message: `Its clock is ${Math.round(Math.abs(clockDifference) / 1000)} seconds ${clockDifference > 0 ? 'ahead' : 'behind'}; Kerberos fails at 5 minutes`,
        fix: 'Synchronise both clocks with the same time source.',
      });
    return findings.map((finding) => ({ ...finding, place: { kind: 'controllers' } as const }));
  });
}

function judgeKeys({ now, lastKeyBackupAt, keysCreatedAt }: HealthState): Finding[] {
  const fix = 'Back the keys up: carillon keys backup <file>';
  if (lastKeyBackupAt === undefined)
    return keysCreatedAt !== undefined && now - keysCreatedAt > day
      ? [{ severity: 'warning', subject: 'Keys', message: 'The keys were never backed up', fix }]
      : [];
  const age = Math.floor((now - lastKeyBackupAt) / day);
  return now - lastKeyBackupAt > backupLimit
    ? [
        {
          severity: 'warning',
          subject: 'Keys',
          message: `The last backup of the keys is ${age} days old`,
          fix,
        },
      ]
    : [];
}
