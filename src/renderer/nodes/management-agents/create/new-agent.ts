import type { z } from 'zod';

import type { AgentKind, agentSchema, LdapProfile } from '#shared/model/agent.ts';

import { type CreateChoice, kindOfChoice } from '../agent-kinds.ts';
import { isSystemKind } from '../kind-fields.ts';

/** What the wizard asks. */
export interface AgentAnswers {
  readonly choice: CreateChoice;
  readonly kind: AgentKind;
  /** Settings of a kind that is no directory, as far as they are typed. */
  readonly settings: Readonly<Record<string, unknown>>;
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
  choice: 'active-directory',
  kind: 'active-directory',
  settings: {},
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

/** Takes a line of the create list; another kind of system begins with empty settings. */
export function chooseKind(answers: AgentAnswers, choice: CreateChoice): AgentAnswers {
  return { ...answers, choice, settings: {}, ...kindOfChoice(choice) };
}

/** The agent as it is written to the configuration. */
export function newAgent(id: string, answers: AgentAnswers): z.input<typeof agentSchema> {
  const pair = { connector: answers.connectorAttribute.trim(), person: answers.personAttribute.trim() };
  const named = {
    id,
    name: answers.name.trim(),
    ...(answers.description !== '' && { description: answers.description }),
    ...(answers.passwordManagement && { password: { enabled: true } }),
  };
  // It is only written, and its persons come from ENTSSO.xml.
  if (answers.kind === 'entsso')
    return {
      ...named,
      ...answers.settings,
      kind: 'entsso',
      runProfiles: [{ name: 'Export', steps: [{ type: 'export' as const }] }],
    } as unknown as z.input<typeof agentSchema>;
  const common = {
    ...named,
    ...(answers.rule === 'project' ? { project: true, flow: [pair] } : { join: [{ mappings: [pair] }] }),
    runProfiles: [
      { name: 'Full Import and Full Synchronization', steps: [{ type: 'full-import-full-sync' as const }] },
      {
        name: 'Delta Import and Delta Synchronization',
        steps: [{ type: 'delta-import-delta-sync' as const }],
      },
    ],
  };
  // What is missing in the settings is found by the schema, field by field.
  if (isSystemKind(answers.kind))
    return { ...common, ...answers.settings, kind: answers.kind } as unknown as z.input<typeof agentSchema>;
  const connection = {
    url: answers.url.trim(),
    ...(answers.caFile !== '' && { caFile: answers.caFile }),
    authentication: { method: 'simple' as const, user: answers.user.trim() },
  };
  const dn = answers.dn.trim();
  if (answers.kind === 'ldap')
    return { ...common, connection, kind: 'ldap', profile: answers.profile, partitions: [{ dn }] };
  return {
    ...common,
    connection,
    kind: 'active-directory',
    partitions: [{ dn, passwordSource: { domain: answers.domain.trim() } }],
  };
}
