import { writeFileSync } from 'node:fs';

/** Writes a krb5.conf that knows one realm and asks no name server. */
export function writeKerberosConfiguration(path: string, realm: string, controller: string): void {
  const domain = realm.toLowerCase();
  writeFileSync(
    path,
    `[libdefaults]
  default_realm = ${realm}
  dns_lookup_realm = false
  dns_lookup_kdc = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  ${realm} = {
    kdc = ${controller}
    kpasswd_server = ${controller}
    admin_server = ${controller}
  }
[domain_realm]
  .${domain} = ${realm}
  ${domain} = ${realm}
`,
  );
}
