import { formatGuid } from '#directory/guid.ts';

/** attributeID of unicodePwd, 1.2.840.113556.1.4.90, in the form of the prefix table that every domain shares. */
const unicodePwd = 0x0009_005a;
const headerLength = 16;
const entryLength = 48;
/** 1601-01-01, where the directory's time begins, in seconds before 1970. */
const epochOffset = 11_644_473_600;

/** What replPropertyMetaData says of one attribute. */
export interface AttributeVersion {
  readonly version: number;
  /** invocationId of the domain controller where it was set. */
  readonly origin: string;
  /** When, in milliseconds since 1970 UTC, rounded down to the second. */
  readonly at: number;
}

/** Finds unicodePwd in a replPropertyMetaData value (MS-DRSR 5.166); undefined where it is not in it. */
export function tryParsePasswordVersion(metaData: Uint8Array): AttributeVersion | undefined {
  if (metaData.length < headerLength) return undefined;
  const view = new DataView(metaData.buffer, metaData.byteOffset, metaData.byteLength);
  const count = Math.min(view.getUint32(8, true), Math.floor((metaData.length - headerLength) / entryLength));
  for (let index = 0; index < count; index += 1) {
    const at = headerLength + index * entryLength;
    if (view.getUint32(at, true) !== unicodePwd) continue;
    return {
      version: view.getUint32(at + 4, true),
      at: (Number(view.getBigUint64(at + 8, true)) - epochOffset) * 1000,
      origin: formatGuid(metaData.subarray(at + 16, at + 32)),
    };
  }
  return undefined;
}
