import type { PcnsConfiguration, PcnsTarget } from '#shared/model/pcns.ts';

/** Labels are filled with dots to one column, as PCNS prints them. */
const labelWidth = 30;

/** `pcnscfg list`: the service's values, then every target. `names` has the groups that resolve. */
export function formatPcnsListing(
  { service, targets }: PcnsConfiguration,
  names: ReadonlyMap<string, string>,
): string {
  const lines = [
    'Service Configuration',
    field('MaxQueueLength', orUnlimited(service.maximumQueueLength)),
    field('MaxQueueAge', service.maximumQueueAge === 0 ? 'unlimited' : `${service.maximumQueueAge} seconds`),
    field('MaxNotificationRetries', orUnlimited(service.maximumNotificationRetries)),
    field('RetryInterval', `${service.retryInterval} seconds`),
    '',
    'Targets',
    ...targets.flatMap((target) => [...formatTarget(target, names), '']),
    `Total targets: ${targets.length}`,
  ];
  return lines.join('\n');
}

function formatTarget(target: PcnsTarget, names: ReadonlyMap<string, string>): readonly string[] {
  const groupName = (sid: string | undefined) =>
    sid === undefined ? '' : (names.get(sid) ?? `${sid} (names no group any more)`);
  return [
    field('Target Name', target.name),
    field('Target GUID', target.guid.toUpperCase()),
    field('Server FQDN or Address', target.server),
    field('Service Principal Name', target.spn),
    field('Authentication Service', 'Kerberos'),
    field('Inclusion Group Name', groupName(target.inclusionSid)),
    field('Exclusion Group Name', groupName(target.exclusionSid)),
    field('Keep Alive Interval', `${target.keepAliveInterval} seconds`),
    field('User Name Format', `${target.userNameFormat}`),
    field('Queue Warning Level', `${target.queueWarningLevel}`),
    field('Queue Warning Interval', `${target.queueWarningInterval} minutes`),
    field('Disabled', target.disabled ? 'True' : 'False'),
    field('Key Fingerprint', target.fingerprint ?? ''),
  ];
}

function field(label: string, value: string): string {
  return `  ${label.padEnd(labelWidth, '.')}: ${value}`.trimEnd();
}

function orUnlimited(value: number): string {
  return value === 0 ? 'unlimited' : `${value}`;
}
