import { type PcnsService, pcnsServiceSchema, tryParseServer } from '#shared/model/pcns.ts';

import type { JsonObject } from '../snapshot/json-value.ts';
import { listOf } from '../snapshot/value-of.ts';
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
  /** Host, with its port where that is not the usual one. */
  readonly server: string;
  readonly spn: string;
  /** Undefined where a certificate authority vouches for the key, or nothing listens yet. */
  readonly fingerprint: string | undefined;
}

/** Longest name of a target. */
const longestName = 64;
const ownWord = ' Carillon';

/**
 * What the target is called that leads here beside one that leads to another product: both get every change, until
 * this server is live and somebody disables the other one.
 */
export function nameBeside(name: string): string {
  return `${name.slice(0, longestName - ownWord.length)}${ownWord}`;
}

/** Whether a target of the directory leads to this server. */
export function leadsHere(known: JsonObject, { server, spn, fingerprint }: Receiver): boolean {
  return (
    addressOf(String(known['server'])) === addressOf(server) &&
    String(known['spn']).toLowerCase() === spn.toLowerCase() &&
    (fingerprint === undefined || known['fingerprint'] === fingerprint)
  );
}

/** What it takes that a listed target leads here. `found` are the directory's objects; undefined where none can be read. */
export function planTarget(
  target: ListedTarget,
  found: readonly JsonObject[] | undefined,
  receiver: Receiver,
): PlannedTarget {
  const all = found?.flatMap(({ targets }) => listOf(targets));
  const named = (name: string): JsonObject | undefined =>
    all?.find((one) => String(one['name']).toLowerCase() === name.toLowerCase());
  const [known, own] = [named(target.name), named(nameBeside(target.name))];
  if ([known, own].some((one) => one !== undefined && leadsHere(one, receiver)))
    return { state: 'leads here', command: undefined };
  const { server, spn, fingerprint } = receiver;
  const lead = ['/A', server, '/S', spn, ...(fingerprint === undefined ? [] : ['/K', fingerprint])];
  if (own !== undefined)
    return {
      state: 'leads elsewhere',
      command: commandOf('modifytarget', ['/N', nameBeside(target.name), ...lead]),
    };
  const { exclusionGroup, keepAliveInterval, queueWarningLevel, queueWarningInterval } = target;
  return {
    state: known !== undefined ? 'leads elsewhere' : all === undefined ? 'unknown' : 'missing',
    command: commandOf('addtarget', [
      ...['/N', known === undefined ? target.name : nameBeside(target.name), ...lead],
      ...['/FI', target.inclusionGroup],
      ...(exclusionGroup === '' ? [] : ['/FE', exclusionGroup]),
      ...(target.userNameFormat === 0 ? [] : ['/F', String(target.userNameFormat)]),
      ...['/I', String(keepAliveInterval), '/WL', String(queueWarningLevel)],
      ...(queueWarningInterval === 0 ? [] : ['/WI', String(queueWarningInterval)]),
      ...(target.disabled ? ['/D', 'True'] : []),
    ]),
  };
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

function addressOf(server: string): string {
  const found = tryParseServer(server);
  return found === undefined ? server.toLowerCase() : `${found.host.toLowerCase()}:${found.port}`;
}
