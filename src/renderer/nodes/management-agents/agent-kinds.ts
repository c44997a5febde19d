import type { AgentKind, LdapProfile } from '#shared/model/agent.ts';
import { agentKinds, ldapProfiles } from '#shared/text/agent-words.ts';

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
