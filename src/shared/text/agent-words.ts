import type { AgentKind, LdapProfile } from '../model/agent.ts';

/** Kinds of management agents by their labels, in the order of the create list. */
export const agentKinds: Readonly<Record<AgentKind, string>> = {
  'active-directory': 'Active Directory Domain Services',
  ldap: 'LDAP directory',
  delimited: 'Delimited text file',
  'fixed-width': 'Fixed-width text file',
  'attribute-value': 'Attribute-value pair text file',
  ldif: 'LDAP Data Interchange Format (LDIF)',
  dsml: 'Directory Services Markup Language (DSML) 2.0',
  sqlite: 'SQLite',
  postgresql: 'PostgreSQL',
  mysql: 'MySQL or MariaDB',
  'sql-server': 'Microsoft SQL Server',
  oracle: 'Oracle Database',
  db2: 'IBM DB2',
  extension: 'Extensible connectivity',
  entsso: 'Enterprise Single Sign-On',
};

/** Products whose directories have rules of their own. */
export const ldapProfiles: Readonly<Record<LdapProfile, string>> = {
  generic: 'Generic LDAP v3',
  openldap: 'OpenLDAP',
  sun: 'Sun, Netscape or 389 Directory Server',
  ibm: 'IBM Directory Server',
  edirectory: 'Novell eDirectory',
  domino: 'Lotus Domino',
  adlds: 'Active Directory Lightweight Directory Services',
};
