import type { Finding } from '#shared/contract/finding.ts';
import type { ChannelStatus, SystemStatus } from '#shared/contract/system.ts';

import type { Paint } from './paint.ts';
import { formatAge, formatDuration } from './time-words.ts';

/** The state of a server on one screen. */
export function formatStatus(status: SystemStatus, paint: Paint, now = Date.now()): string {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Synchronization', status.passwordSync ? paint('green', 'on') : paint('yellow', 'off')],
    ['Channel', describeChannel(status.channel, paint)],
    ['Fingerprint', status.channel.fingerprint],
    ['Remote access', describeChannel(status.remote, paint)],
    ['Fingerprint', status.remote.fingerprint],
    ['Keys', describeKeys(status, paint)],
    ['Agents', `${status.agents}, ${status.people} ${status.people === 1 ? 'person' : 'people'}`],
    ['Queue', describeQueue(status, now)],
    ['Metrics', status.metricsUrl],
    ['Data', status.dataDirectory],
    ['Configuration', `${status.configurationFile} (${status.revision})`],
  ];
  const state =
    status.mode === 'service'
      ? `${paint('green', 'running')} for ${formatDuration(now - status.startedAt)}, process ${status.pid}`
      : `${paint('yellow', 'not running')}, read from its store`;
  return [
    `${paint('bold', `Carillon ${status.version}`)} on ${status.host}: ${state}`,
    '',
    ...rows.flatMap(([name, text]) => (text === undefined ? [] : [`  ${name.padEnd(16)} ${text}`])),
    ...(status.findings.length === 0 ? [] : ['', formatFindings(status.findings, paint)]),
  ].join('\n');
}

export function formatFindings(findings: readonly Finding[], paint: Paint): string {
  const colours = { error: 'red', warning: 'yellow', information: 'cyan' } as const;
  return findings
    .map(
      ({ severity, subject, message, fix }) =>
        `${paint(colours[severity], severity)}  ${paint('bold', subject)}: ${message}\n  ${fix}`,
    )
    .join('\n');
}

function describeChannel(channel: ChannelStatus, paint: Paint): string {
  if (channel.state === 'off') return paint('dim', 'off');
  if (channel.state === 'failed') return `${paint('red', 'failed')}: ${channel.detail}`;
  return `${channel.host}:${channel.port} as ${channel.spn}`;
}

function describeKeys({ keys }: SystemStatus, paint: Paint): string {
  if (!keys.open) return `${keys.keeper}, ${paint('yellow', 'not opened')}`;
  return `${keys.keeper}, version ${keys.version}`;
}

function describeQueue({ queue }: SystemStatus, now: number): string {
  const oldest = formatAge(queue.oldestReceivedAt, now);
  const age = oldest === undefined ? '' : `, oldest received ${oldest}`;
  return `${queue.waiting} waiting, ${queue.parked} parked${age}`;
}
