import { formatGuid } from '#directory/guid.ts';
import { bytesOf, type SearchEntry, textOf, textsOf } from '#directory/search-entry.ts';
import { tryFormatSid } from '#directory/security-identifier.ts';
import type { AccountState } from './account-state.ts';
import { tryParsePasswordVersion } from './password-version.ts';

/** 1601-01-01, where the directory's time begins, in milliseconds before 1970. */
const epochOffset = 11_644_473_600_000;
const ticksPerMillisecond = 10_000n;

/** What is asked of an account; all of it in one read. */
export const accountAttributes = [
  'objectGUID',
  'objectSid',
  'objectClass',
  'sAMAccountName',
  'userAccountControl',
  'pwdLastSet',
  'replPropertyMetaData',
] as const;

/** Reads an account; undefined for an entry that is none. `invocationId` is this domain controller's. */
export function tryReadAccount(entry: SearchEntry, invocationId: string): AccountState | undefined {
  const guid = bytesOf(entry, 'objectGUID');
  const sid = tryFormatSid(bytesOf(entry, 'objectSid') ?? new Uint8Array());
  const account = textOf(entry, 'sAMAccountName');
  if (guid?.length !== 16 || sid === undefined || account === undefined) return undefined;
  const found = tryParsePasswordVersion(bytesOf(entry, 'replPropertyMetaData') ?? new Uint8Array());
  return {
    guid: formatGuid(guid),
    sid,
    account,
    userAccountControl: Number(textOf(entry, 'userAccountControl') ?? 0),
    objectClasses: textsOf(entry, 'objectClass'),
    passwordLastSet: readTime(textOf(entry, 'pwdLastSet')),
    password:
      found === undefined
        ? undefined
        : { version: found.version, at: found.at, isLocal: found.origin === invocationId },
  };
}

/** Milliseconds since 1970 UTC of a FILETIME in digits; 0 for none. */
function readTime(ticks: string | undefined): number {
  if (ticks === undefined || !/^\d{2,19}$/.test(ticks)) return 0;
  return Number(BigInt(ticks) / ticksPerMillisecond) - epochOffset;
}
