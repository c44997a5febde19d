import type { AgentKind, LdapProfile } from '#shared/model/agent.ts';

/** Kinds of management agents by their labels, in the order of the create list. */
export const agentKinds: Readonly<Record<AgentKind, string>> = {
  'active-directory': 'Active Directory Domain Services',
  ldap: 'LDAP directory',
};

export const ldapProfiles: Readonly<Record<LdapProfile, string>> = {
  generic: 'Generic LDAP v3',
  openldap: 'OpenLDAP',
  sun: 'Sun, Netscape or 389 Directory Server',
  ibm: 'IBM Directory Server',
  edirectory: 'Novell eDirectory',
  adlds: 'Active Directory Lightweight Directory Services',
};
