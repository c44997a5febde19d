import type { z } from 'zod';

import type { AgentKind, agentSchema, LdapProfile } from '#shared/model/agent.ts';

/** What the wizard asks. */
export interface AgentAnswers {
  readonly kind: AgentKind;
  readonly profile: LdapProfile;
  readonly name: string;
  readonly description: string;
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly caFile: string;
  readonly dn: string;
  readonly domain: string;
  readonly rule: 'project' | 'join';
  readonly connectorAttribute: string;
  readonly personAttribute: string;
  readonly passwordManagement: boolean;
}

export const emptyAnswers: AgentAnswers = {
  kind: 'active-directory',
  profile: 'openldap',
  name: '',
  description: '',
  url: 'ldaps://',
  user: '',
  password: '',
  caFile: '',
  dn: '',
  domain: '',
  rule: 'project',
  connectorAttribute: 'employeeID',
  personAttribute: 'employeeID',
  passwordManagement: false,
};

/** The agent as it is written to the configuration. */
export function newAgent(id: string, answers: AgentAnswers): z.input<typeof agentSchema> {
  const pair = { connector: answers.connectorAttribute.trim(), person: answers.personAttribute.trim() };
  const common = {
    id,
    name: answers.name.trim(),
    ...(answers.description !== '' && { description: answers.description }),
    connection: {
      url: answers.url.trim(),
      ...(answers.caFile !== '' && { caFile: answers.caFile }),
      authentication: { method: 'simple' as const, user: answers.user.trim() },
    },
    ...(answers.rule === 'project' ? { project: true, flow: [pair] } : { join: [{ mappings: [pair] }] }),
    ...(answers.passwordManagement && { password: { enabled: true } }),
    runProfiles: [
      { name: 'Full Import and Full Synchronization', steps: [{ type: 'full-import-full-sync' as const }] },
      {
        name: 'Delta Import and Delta Synchronization',
        steps: [{ type: 'delta-import-delta-sync' as const }],
      },
    ],
  };
  const dn = answers.dn.trim();
  if (answers.kind === 'ldap')
    return { ...common, kind: 'ldap', profile: answers.profile, partitions: [{ dn }] };
  return {
    ...common,
    kind: 'active-directory',
    partitions: [{ dn, passwordSource: { domain: answers.domain.trim() } }],
  };
}
