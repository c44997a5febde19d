import type { AgentKind, LdapProfile } from '#shared/model/agent.ts';

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

export const ldapProfiles: Readonly<Record<LdapProfile, string>> = {
  generic: 'Generic LDAP v3',
  openldap: 'OpenLDAP',
  sun: 'Sun, Netscape or 389 Directory Server',
  ibm: 'IBM Directory Server',
  edirectory: 'Novell eDirectory',
  domino: 'Lotus Domino',
  adlds: 'Active Directory Lightweight Directory Services',
};

/** What the create list offers: each kind, and each directory product that has rules of its own. */
export const createChoices = {
  'active-directory': agentKinds['active-directory'],
  'ldap/adlds': ldapProfiles.adlds,
  ldap: agentKinds.ldap,
  'ldap/sun': ldapProfiles.sun,
  'ldap/ibm': ldapProfiles.ibm,
  'ldap/edirectory': ldapProfiles.edirectory,
  'ldap/domino': ldapProfiles.domino,
  delimited: agentKinds.delimited,
  'fixed-width': agentKinds['fixed-width'],
  'attribute-value': agentKinds['attribute-value'],
  ldif: agentKinds.ldif,
  dsml: agentKinds.dsml,
  'sql-server': agentKinds['sql-server'],
  oracle: agentKinds.oracle,
  db2: agentKinds.db2,
  postgresql: agentKinds.postgresql,
  mysql: agentKinds.mysql,
  sqlite: agentKinds.sqlite,
  entsso: agentKinds.entsso,
  extension: agentKinds.extension,
} as const;
export type CreateChoice = keyof typeof createChoices;

/** Kind and profile behind a line of the create list. */
export function kindOfChoice(choice: CreateChoice): {
  readonly kind: AgentKind;
  readonly profile?: LdapProfile;
} {
  switch (choice) {
    case 'ldap/adlds':
      return { kind: 'ldap', profile: 'adlds' };
    case 'ldap/sun':
      return { kind: 'ldap', profile: 'sun' };
    case 'ldap/ibm':
      return { kind: 'ldap', profile: 'ibm' };
    case 'ldap/edirectory':
      return { kind: 'ldap', profile: 'edirectory' };
    case 'ldap/domino':
      return { kind: 'ldap', profile: 'domino' };
    default:
      return { kind: choice };
  }
}
