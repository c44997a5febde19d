import { AppError } from '#shared/model/app-error.ts';
import type { PcnsService, PcnsTarget } from '#shared/model/pcns.ts';
import { formatGuid, parseGuid } from './guid.ts';
import { bytesOf, type SearchEntry, textOf } from './search-entry.ts';
import { parseSid, tryFormatSid } from './security-identifier.ts';

/** Classes of PCNS' schema, 1.2.840.113556.1.5.249 and .250. */
export const targetClass = 'mS-MIIS-PCNS-Target';
export const serviceClass = 'mS-MIIS-PCNS-Service';

const prefix = 'mS-MIIS-PCNS-';
/** RPC_C_AUTHN_GSS_KERBEROS, the one authentication service that there is. */
const kerberos = '16';
const pinPrefix = 'sha256/';

export type AttributeValues = Readonly<Record<string, readonly (Uint8Array | string)[]>>;

/** Reads a target's attributes into the fields of the schema, which then judges them. */
export function readTargetEntry(entry: SearchEntry): Record<string, unknown> {
  const octets = (name: string) => bytesOf(entry, `${prefix}${name}`);
  const text = (name: string) => textOf(entry, `${prefix}${name}`);
  const guid = octets('TargetGUID');
  const key = octets('TargetEncryptionKey');
  const sid = (name: string) => {
    const value = octets(name);
    return value === undefined ? undefined : tryFormatSid(value);
  };
  return present({
    guid: guid?.length === 16 ? formatGuid(guid) : undefined,
    name: textOf(entry, 'cn'),
    server: text('TargetServer'),
    spn: text('TargetSPN'),
    inclusionSid: sid('TargetInclusionSID'),
    exclusionSid: sid('TargetExclusionSID'),
    userNameFormat: readInteger(text('TargetUserNameFormat')),
    keepAliveInterval: readInteger(text('TargetKeepAliveInterval')),
    disabled: text('TargetDisabled') === 'TRUE',
    queueWarningLevel: readInteger(text('TargetQueueWarningLevel')),
    queueWarningInterval: readInteger(text('TargetQueueWarningInterval')),
    fingerprint: key === undefined ? undefined : `${pinPrefix}${Buffer.from(key).toString('base64')}`,
  });
}

export function readServiceEntry(entry: SearchEntry): Record<string, unknown> {
  const number = (name: string) => readInteger(textOf(entry, `${prefix}Service${name}`));
  return present({
    maximumQueueLength: number('MaxQueueLength'),
    maximumQueueAge: number('MaxQueueAge'),
    maximumNotificationRetries: number('MaxNotificationRetries'),
    retryInterval: number('RetryInterval'),
  });
}

/** Every attribute of a target; those without a value are to be absent. */
export function writeTargetEntry(target: PcnsTarget): AttributeValues {
  return {
    [`${prefix}TargetGUID`]: [parseGuid(target.guid)],
    [`${prefix}TargetServer`]: [target.server],
    [`${prefix}TargetSPN`]: [target.spn],
    [`${prefix}TargetAuthenticationService`]: [kerberos],
    [`${prefix}TargetInclusionSID`]: [parseSid(target.inclusionSid)],
    [`${prefix}TargetExclusionSID`]: target.exclusionSid === undefined ? [] : [parseSid(target.exclusionSid)],
    [`${prefix}TargetUserNameFormat`]: [writeInteger(target.userNameFormat)],
    [`${prefix}TargetKeepAliveInterval`]: [writeInteger(target.keepAliveInterval)],
    [`${prefix}TargetDisabled`]: [target.disabled ? 'TRUE' : 'FALSE'],
    [`${prefix}TargetQueueWarningLevel`]: [writeInteger(target.queueWarningLevel)],
    [`${prefix}TargetQueueWarningInterval`]: [writeInteger(target.queueWarningInterval)],
    [`${prefix}TargetEncryptionKey`]:
      target.fingerprint === undefined
        ? []
        : [new Uint8Array(Buffer.from(target.fingerprint.slice(pinPrefix.length), 'base64'))],
  };
}

export function writeServiceEntry(service: PcnsService): AttributeValues {
  return {
    [`${prefix}ServiceMaxQueueLength`]: [writeInteger(service.maximumQueueLength)],
    [`${prefix}ServiceMaxQueueAge`]: [writeInteger(service.maximumQueueAge)],
    [`${prefix}ServiceMaxNotificationRetries`]: [writeInteger(service.maximumNotificationRetries)],
    [`${prefix}ServiceRetryInterval`]: [writeInteger(service.retryInterval)],
  };
}

/** The directory's integers have a sign and PCNS' numbers have none: 4294967295 is stored as -1. */
function writeInteger(value: number): string {
  return `${value | 0}`;
}

function readInteger(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d{1,10}$/.test(text)) throw new AppError('invalid_configuration', `"${text}" is no number`);
  return Number(text) >>> 0;
}

/** Without the fields that have no value, so that the schema's defaults apply. */
function present(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
