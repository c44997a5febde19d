import { setTimeout as delay } from 'node:timers/promises';

import type { LdifBind } from './ldif.ts';
import { withPasswordFile } from './password-file.ts';
import { runCommand } from './run-command.ts';

/** A server under load hangs up now and then; more often than this it is broken. */
const tries = 6;
/** Milliseconds before the next try. */
const pause = 500;
const alreadyExists = 68;
/** The client's own numbers, which no server sends: it hung up, or did not answer. */
const lostConnection = new Set([-1, -5, -11]);

/** Adds the entries of an LDIF; where the server hangs up in the middle, it is called again for what is still missing. */
export async function seedEntries(ldapsUrl: string, ldif: string, bind: LdifBind): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { code, stderr } = await withPasswordFile(bind.password, (file) =>
      runCommand('ldapmodify', ['-a', '-c', '-x', '-H', ldapsUrl, '-D', bind.dn, '-y', file], {
        input: ldif,
        env: { LDAPTLS_CACERT: bind.caFile, LDAPTLS_REQCERT: 'demand' },
      }),
    );
    const refusals = [...stderr.matchAll(/^ldap_.*\((-?\d+)\)$/gm)].map(([, number]) => Number(number));
    // What an earlier try has added is refused now.
    const isIn = attempt > 1 && refusals.every((number) => number === alreadyExists);
    if (code === 0 || (isIn && refusals.length > 0)) return;
    const mayPass = refusals.some((number) => lostConnection.has(number));
    if (!mayPass || attempt === tries) throw new Error(`LDIF refused with ${code}: ${stderr.trim()}`);
    await delay(pause);
  }
}
