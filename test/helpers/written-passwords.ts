import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

function matches(stored: string, password: string): boolean {
  if (!stored.startsWith('{SSHA}')) return stored === password;
  const bytes = Buffer.from(stored.slice(6), 'base64');
  const digest = createHash('sha1').update(password).update(bytes.subarray(20)).digest();
  return digest.equals(bytes.subarray(0, 20));
}

/**
 * The writes of userPassword in an audit log of OpenLDAP, by account (uid) and in their order, each as the place of
 * its password in `passwords`; -1 for one that is not there. The entries that the server was filled with do not count.
 */
export function readWrittenPasswords(
  auditLog: string,
  passwords: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly number[]> {
  const written = new Map<string, number[]>();
  let account = '';
  let isFilling = false;
  for (const line of readFileSync(auditLog, 'utf8').replaceAll('\n ', '').split('\n')) {
    account = /^dn: uid=([^,]+),/.exec(line)?.[1] ?? account;
    isFilling = /^changetype: (.+)$/.exec(line)?.[1]?.startsWith('add') ?? isFilling;
    const [, encoded, text] = /^userPassword:(?:: (\S+)| (.+))$/.exec(line) ?? [];
    if (isFilling || (encoded === undefined && text === undefined)) continue;
    const stored = text ?? Buffer.from(encoded ?? '', 'base64').toString();
    const known = passwords.get(account);
    if (known === undefined) continue;
    const places = written.get(account) ?? [];
    // Writes come in order, or nearly so: the search begins where the last one was found.
    const from = Math.max(places.at(-1) ?? 0, 0);
    let place = known.findIndex((password, index) => index >= from && matches(stored, password));
    if (place < 0) place = known.findIndex((password) => matches(stored, password));
    places.push(place);
    written.set(account, places);
  }
  return written;
}
