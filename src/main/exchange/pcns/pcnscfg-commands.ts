import { type PcnsService, pcnsServiceSchema } from '#shared/model/pcns.ts';

import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from '../snapshot/json-value.ts';
import type { ListedTarget } from './read-pcns-listing.ts';

/** How a listed target stands to the directory that this server reads. */
export type TargetState = 'missing' | 'leads elsewhere' | 'leads here' | 'unknown';

export interface PlannedTarget {
  readonly state: TargetState;
  /** Makes the target lead to this server; undefined where it does. */
  readonly command: string | undefined;
}

/** Where domain controllers are to deliver to. */
export interface Receiver {
  readonly server: string;
  readonly spn: string;
}

/** What it takes that a listed target leads here. `found` are the directory's objects; undefined where none can be read. */
export function planTarget(
  target: ListedTarget,
  found: readonly JsonObject[] | undefined,
  { server, spn }: Receiver,
): PlannedTarget {
  const all = found?.flatMap(({ targets }) => rowsOf(targets));
  const known = all?.find(({ name }) => String(name).toLowerCase() === target.name.toLowerCase());
  const lead = ['/A', server, '/S', spn];
  if (known === undefined) {
    const { exclusionGroup, keepAliveInterval, queueWarningLevel, queueWarningInterval, disabled } = target;
    return {
      state: all === undefined ? 'unknown' : 'missing',
      command: commandOf('addtarget', [
        ...['/N', target.name, ...lead, '/FI', target.inclusionGroup],
        ...(exclusionGroup === '' ? [] : ['/FE', exclusionGroup]),
        ...(target.userNameFormat === 0 ? [] : ['/F', String(target.userNameFormat)]),
        ...['/I', String(keepAliveInterval), '/WL', String(queueWarningLevel)],
        ...(queueWarningInterval === 0 ? [] : ['/WI', String(queueWarningInterval)]),
        ...(disabled ? ['/D', 'True'] : []),
      ]),
    };
  }
  const leadsHere =
    String(known['server']).toLowerCase() === server.toLowerCase() &&
    String(known['spn']).toLowerCase() === spn.toLowerCase();
  return leadsHere
    ? { state: 'leads here', command: undefined }
    : { state: 'leads elsewhere', command: commandOf('modifytarget', ['/N', target.name, ...lead]) };
}

/** Sets the service of domain controllers as the listing has it; undefined where those are the defaults. */
export function serviceCommand(service: PcnsService): string | undefined {
  if (JSON.stringify(service) === JSON.stringify(pcnsServiceSchema.parse({}))) return undefined;
  return commandOf('service', [
    ...['/L', String(service.maximumQueueLength), '/A', String(service.maximumQueueAge)],
    ...['/R', String(service.maximumNotificationRetries), '/I', String(service.retryInterval)],
  ]);
}

function commandOf(verb: string, pairs: readonly string[]): string {
  const parameters = pairs.flatMap((name, index) => {
    const value = pairs[index + 1] ?? '';
    return index % 2 === 1 ? [] : [quote(`${name}:${value}`)];
  });
  return ['carillon pcnscfg', verb, ...parameters].join(' ');
}

/** For a shell: in single quotes where a character means something to it. */
function quote(text: string): string {
  return /^[A-Za-z0-9:/._-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function rowsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonList(value) ? value.filter(isJsonObject) : [];
}
