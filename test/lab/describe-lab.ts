import type { Lab } from './lab.ts';
import type { Namespace } from './namespace.ts';
import { initialPassword, people } from './people.ts';

/** How to enter a running lab and log on to its servers. */
export function describeLab({ samba, openldap, ds389 }: Lab, { name }: Namespace): string {
  const [person] = people;
  const example = person === undefined ? '' : `, ${person.account} has ${initialPassword(person)}`;
  const server = (title: string, { ldapsUrl, caFile }: { ldapsUrl: string; caFile: string }) => `
${title}
  address        ${ldapsUrl}
  authority      ${caFile}`;
  return `
The lab runs in the network namespace ${name}. Enter it with
  ip netns exec ${name} env KRB5_CONFIG=${samba.krb5Config} KRB5CCNAME=FILE:${samba.directory}/tickets bash
${server(`Active Directory ${samba.baseDn}`, samba)}
  administrator  ${samba.adminUser}@${samba.realm.toLowerCase()}  ${samba.adminPassword}
  samba-tool     -s ${samba.smbConf}
${server(`OpenLDAP ${openldap.suffix}`, openldap)}
  administrator  ${openldap.adminDn}  ${openldap.adminPassword}
  service        ${openldap.serviceDn}  ${openldap.servicePassword}
${server(`389 Directory Server ${ds389.suffix}`, ds389)}
  administrator  ${ds389.adminDn}  ${ds389.adminPassword}
  service        ${ds389.serviceDn}  ${ds389.servicePassword}

People         ${people.length}, each first with the password Initial-<employee number>-Pw${example}
`;
}
