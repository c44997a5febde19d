import { openLdap } from '#directory/ldap-connection.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { activeDirectoryDn, type Person } from '#lab/people.ts';
import { administratorBind, type SambaDomain } from '#lab/samba-domain.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { canaryLength, fillCanary } from './canary.ts';

/** Canary number `index` with the kinds of characters that a domain asks for. */
export function canaryPassword(index: number): string {
  const bytes = Buffer.alloc(canaryLength);
  fillCanary(bytes, index);
  // Letters for digits: 389 refuses a password that has the number of the employee in it.
  const text = bytes.toString('latin1').replaceAll(/\d/g, (digit) => 'bdfhjkmqvx'[Number(digit)] ?? '');
  return `${text}-aZ!`;
}

export interface PasswordLoad {
  /** Passwords that the domain took, in their order, by account. */
  readonly accepted: ReadonlyMap<string, string[]>;
  /** Changes that the domain refused, as it does while nobody captures. */
  readonly refused: number;
  /** Number of the last canary that was tried. */
  readonly lastCanary: number;
}

export interface PasswordLoadOptions {
  readonly samba: SambaDomain;
  readonly persons: readonly Person[];
  /** How many changes the domain must have taken in the end. */
  readonly changes: number;
  /** Whether to go on beyond `changes`, to twenty times as many at most; default no. */
  readonly isShort?: () => boolean;
  readonly workers: number;
  /** Number of the first canary; default 1. */
  readonly firstCanary?: number;
  readonly onAccepted?: (count: number) => void;
}

/** Resets passwords over LDAPS until the domain took as many as wanted; each account belongs to one worker. */
export async function loadPasswords({
  samba,
  persons,
  changes,
  isShort = () => false,
  workers,
  firstCanary = 1,
  onAccepted,
}: PasswordLoadOptions): Promise<PasswordLoad> {
  const accepted = new Map<string, string[]>(persons.map(({ account }) => [account, []]));
  let count = 0;
  let refused = 0;
  let serial = firstCanary - 1;
  const work = async (worker: number): Promise<void> => {
    const own = persons.filter((_, index) => index % workers === worker);
    const { dn, password, caFile } = administratorBind(samba);
    const connection = await openLdap({ url: samba.ldapsUrl, caFile, connectTimeout: 10_000 });
    await connection.bindSimple(dn, SecretBytes.take(new TextEncoder().encode(password)));
    try {
      while (count < changes || (isShort() && count < 20 * changes)) {
        const person = own[Math.floor(Math.random() * own.length)];
        if (person === undefined) return;
        serial += 1;
        const next = canaryPassword(serial);
        const value = Buffer.from(`"${next}"`, 'utf16le');
        try {
          await connection.modify(activeDirectoryDn(person, samba.baseDn), [
            { operation: 'replace', attribute: 'unicodePwd', values: [value] },
          ]);
          accepted.get(person.account)?.push(next);
          count += 1;
          onAccepted?.(count);
        } catch (error) {
          // Anything but an answer would leave open whether the password is in force.
          if (!(error instanceof LdapError)) throw error;
          refused += 1;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    } finally {
      await connection.close();
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  return { accepted, refused, lastCanary: serial };
}
