import type { ValueChange } from '#shared/contract/configuration.ts';
import { type Channel, channelSchema } from '#shared/model/configuration.ts';

/** What the wizard asks. */
export interface SetUpAnswers {
  readonly receive: boolean;
  readonly host: string;
  readonly port: number;
  readonly spn: string;
  readonly keytab: string;
  readonly enabled: boolean;
  /** Go on with the first management agent. */
  readonly directory: boolean;
}

/** What stands in the configuration, or the documented defaults; `name` is the computer's own. */
export function firstAnswers(channel: Channel | undefined, enabled: boolean, name: string): SetUpAnswers {
  return {
    receive: true,
    host: channel?.host ?? '0.0.0.0',
    port: channel?.port ?? 6947,
    spn: channel?.spn ?? `PCNSCLNT/${name}`,
    keytab: channel?.keytab ?? '/etc/carillon/carillon.keytab',
    enabled: channel === undefined ? true : enabled,
    directory: true,
  };
}

/** What does not hold of the channel, by field. */
export function channelErrors({
  receive,
  host,
  port,
  spn,
  keytab,
}: SetUpAnswers): ReadonlyMap<string, string> {
  if (!receive) return new Map();
  const { error } = channelSchema.safeParse({ host, port, spn, keytab });
  const found = new Map(error?.issues.map(({ path, message }) => [String(path[0]), message]));
  if (keytab.trim() === '') found.set('keytab', 'Enter the full path of the keytab');
  if (host.trim() === '') found.set('host', 'Enter an address, 0.0.0.0 for all');
  return found;
}

/** The answers as changes of the configuration. */
export function setUpChanges(answers: SetUpAnswers, before: Channel | undefined): readonly ValueChange[] {
  const { receive, host, port, spn, keytab, enabled } = answers;
  return [
    ...(receive ? [{ path: ['channel'], value: { ...before, host, port, spn, keytab } }] : []),
    { path: ['passwordSync', 'enabled'], value: enabled },
  ];
}
