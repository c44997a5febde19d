import { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** A new password as the hook hands it over, before the directory has taken it. */
export interface HookMessage {
  /** sAMAccountName. */
  readonly account: string;
  readonly password: SecretBytes;
}

const magic = new TextEncoder().encode('CHK1');
const headerLength = 8;
const maxAccount = 1024;
const maxPassword = 2048;
/** Largest message: header, account, password. */
export const maxHookMessage = headerLength + maxAccount + maxPassword;

/** A peer that does not speak the hook's protocol. */
export class HookProtocolError extends Error {
  override readonly name = 'HookProtocolError';
}

/** What the hook reads back: whether the password is sealed and on disk. */
export function encodeHookAnswer(kept: boolean): Uint8Array {
  return Uint8Array.of(0x43, 0x48, 0x41, 0x31, kept ? 0 : 1);
}

/**
 * Reads one message from its first `length` bytes; undefined while it is incomplete. The password is copied off
 * the heap and wiped where it stood. Throws `HookProtocolError`, at the earliest byte that is wrong.
 */
export function parseHookMessage(bytes: Uint8Array, length: number): HookMessage | undefined {
  for (let index = 0; index < Math.min(length, magic.length); index += 1) {
    if (bytes[index] !== magic[index]) throw new HookProtocolError('Not a message of the hook');
  }
  if (length < headerLength) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerLength);
  const accountLength = view.getUint16(4);
  const passwordLength = view.getUint16(6);
  if (accountLength === 0 || accountLength > maxAccount)
    throw new HookProtocolError(`An account name of ${accountLength} bytes`);
  if (passwordLength === 0 || passwordLength > maxPassword)
    throw new HookProtocolError(`A password of ${passwordLength} bytes`);
  const end = headerLength + accountLength + passwordLength;
  if (length > end) throw new HookProtocolError('Bytes after the message');
  if (length < end) return undefined;
  const account = parseAccount(bytes.subarray(headerLength, headerLength + accountLength));
  return { account, password: SecretBytes.take(bytes.subarray(headerLength + accountLength, end)) };
}

function parseAccount(bytes: Uint8Array): string {
  let account: string;
  try {
    account = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HookProtocolError('An account name that is not UTF-8', { cause });
  }
  if (/\p{Cc}/u.test(account)) throw new HookProtocolError('An account name with control characters');
  return account;
}
