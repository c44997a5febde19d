import { runKinit } from './kerberos-realm.ts';
import { withPasswordFile } from './password-file.ts';
import { runCommand } from './run-command.ts';
import type { SambaDomain } from './samba-domain.ts';

/** LDAP result code for a wrong name or password (RFC 4511 appendix A). */
const invalidCredentials = 49;

/**
 * Whether a simple bind over TLS with this password succeeds, asked with OpenLDAP's own client.
 * Throws for anything but yes and no, so that a broken server is never taken for a refused password.
 */
export function probeLdapBind(
  server: { readonly ldapsUrl: string; readonly caFile: string },
  dn: string,
  password: string,
): Promise<boolean> {
  return withPasswordFile(password, async (file) => {
    // A read of the root entry rather than ldapwhoami: Samba has no "Who am I?" operation.
    const search = ['-x', '-H', server.ldapsUrl, '-D', dn, '-y', file, '-s', 'base', '-b', '', '1.1'];
    const result = await runCommand('ldapsearch', search, {
      env: { LDAPTLS_CACERT: server.caFile, LDAPTLS_REQCERT: 'demand' },
      timeout: 15_000,
    });
    if (result.code === 0) return true;
    if (result.code === invalidCredentials) return false;
    throw new Error(`Bind as ${dn} at ${server.ldapsUrl} ended with ${result.code}: ${result.stderr.trim()}`);
  });
}

/** Whether the domain gives a ticket for this password, asked with MIT Kerberos. */
export function probeKerberos(domain: SambaDomain, account: string, password: string): Promise<boolean> {
  return withPasswordFile('', async (file) => {
    const result = await runKinit(domain, `${account}@${domain.realm}`, password, `FILE:${file}.tickets`);
    if (result.code === 0) return true;
    if (/Password incorrect|Preauthentication failed/i.test(result.stderr)) return false;
    throw new Error(`kinit ${account} ended with ${result.code}: ${result.stderr.trim()}`);
  });
}
