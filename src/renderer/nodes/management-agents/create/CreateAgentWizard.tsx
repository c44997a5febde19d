import { useState } from 'react';
import { z } from 'zod';

import { Wizard } from '#console/Wizard.tsx';
import { ldapProfiles } from '#shared/text/agent-words.ts';
import { encodeSecret } from '#state/encode-secret.ts';
import { useSession } from '#state/session-context.ts';
import type { ConfigurationReading } from '#state/use-draft.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { ChoiceField } from '#ui/ChoiceField.tsx';
import { SelectField } from '#ui/SelectField.tsx';
import { TextField } from '#ui/TextField.tsx';

import { commandText } from '../../configuration/command-text.ts';
import { createChoices } from '../agent-kinds.ts';
import { writeField } from '../field-text.ts';
import { KindFields } from '../KindFields.tsx';
import { isSystemKind, type KindField, signsIn } from '../kind-fields.ts';
import { fieldsOfPage, problemsOf, type WizardPage } from './answer-problems.ts';
import { type AgentAnswers, chooseKind, emptyAnswers, newAgent } from './new-agent.ts';
import { useDiscovery } from './use-discovery.tsx';

export interface CreateAgentWizardProps {
  readonly reading: ConfigurationReading;
  onClose(): void;
}

/** Create Management Agent: what a directory needs to be connected, a step a subject. */
export function CreateAgentWizard({ reading, onClose }: CreateAgentWizardProps) {
  const session = useSession();
  const [answers, setAnswers] = useState<AgentAnswers>(emptyAnswers);
  const [tried, setTried] = useState(false);
  const [id] = useState(() => crypto.randomUUID());
  const set = (part: Partial<AgentAnswers>): void => setAnswers({ ...answers, ...part });
  const { agents } = reading.configuration;
  const agent = newAgent(id, answers);
  const { ask, partitions, tables, attributes } = useDiscovery(id, answers);
  const isAd = answers.kind === 'active-directory';
  const isSso = answers.kind === 'entsso';
  const systemKind = isSystemKind(answers.kind) ? answers.kind : undefined;
  const fieldsOf = (page: KindField['page']): readonly KindField[] => fieldsOfPage(answers.kind, page);
  const answered = problemsOf(answers, agent, agents);
  const settings = (page: KindField['page']) => (
    <KindFields
      key={answers.choice}
      fields={fieldsOf(page)}
      value={answers.settings}
      suggestions={({ path }) => (path[0] === 'table' ? tables : path[0] === 'connection' ? [] : attributes)}
      error={(field) => shown(answered.issueOf(field))}
      onChange={(field, text) => set({ settings: writeField(answers.settings, field, text) })}
    />
  );
  const { problems } = answered;
  const shown = (message: string | undefined): string | undefined => (tried ? message : undefined);
  const isBad = (page: WizardPage): boolean =>
    Object.values(problems[page]).some((message) => message !== undefined);

  const create = async (): Promise<void> => {
    // Finish after a failure must not make a second one.
    const { configuration, revision } = await session.client.call('configuration.get', {});
    if (!configuration.agents.some((other) => other.id === id))
      await session.client.call('configuration.set', {
        changes: [{ path: ['agents', configuration.agents.length], value: z.json().parse(agent) }],
        revision,
      });
    if (answers.password !== '')
      await session.client.call('credentials.set', { agent: id, secret: encodeSecret(answers.password) });
  };

  const secretLine = answers.password === '' ? '' : `\ncarillon agents set-password '${answers.name.trim()}'`;
  const command = answered.isIncomplete
    ? 'Not everything is answered yet'
    : commandText([{ path: ['agents', agents.length], value: z.json().parse(agent) }]) + secretLine;

  return (
    <Wizard
      title="Create Management Agent"
      command={command}
      finish="Create"
      onTried={setTried}
      onFinish={create}
      onClose={onClose}
      steps={[
        {
          id: 'create',
          title: 'Create Management Agent',
          invalid: isBad('create'),
          content: (
            <>
              <SelectField
                label="Management agent for:"
                value={answers.choice}
                choices={createChoices}
                onChange={(choice) => setAnswers(chooseKind(answers, choice))}
              />
              {answers.choice !== 'ldap' ? null : (
                <SelectField
                  label="Directory:"
                  value={answers.profile}
                  choices={ldapProfiles}
                  onChange={(profile) => set({ profile })}
                />
              )}
              <TextField
                label="Name:"
                required
                value={answers.name}
                error={shown(problems.create['name'])}
                onChange={(name) => set({ name })}
              />
              <TextField
                label="Description:"
                value={answers.description}
                onChange={(description) => set({ description })}
              />
            </>
          ),
        },
        {
          id: 'connect',
          title: isAd
            ? 'Connect to Active Directory Forest'
            : isSso
              ? 'Configure Connection Information'
              : 'Connect to Server',
          invalid: isBad('connect'),
          content:
            systemKind !== undefined ? (
              <>
                {settings('connect')}
                {signsIn(systemKind) ? (
                  <TextField
                    label="Password:"
                    password
                    value={answers.password}
                    onChange={(password) => set({ password })}
                  />
                ) : null}
              </>
            ) : (
              <>
                <TextField
                  label="Server:"
                  required
                  hint="ldaps://host:port"
                  value={answers.url}
                  error={shown(problems.connect['url'])}
                  onChange={(url) => set({ url })}
                />
                <TextField
                  label="User name:"
                  required
                  value={answers.user}
                  error={shown(problems.connect['user'])}
                  onChange={(user) => set({ user })}
                />
                <TextField
                  label="Password:"
                  password
                  value={answers.password}
                  onChange={(password) => set({ password })}
                />
                <TextField
                  label="Certificate authority file:"
                  hint="The system's own list where empty"
                  value={answers.caFile}
                  onChange={(caFile) => set({ caFile })}
                />
              </>
            ),
        },
        {
          id: 'partitions',
          title: systemKind === undefined ? 'Configure Directory Partitions' : 'Configure Columns',
          invalid: isBad('partitions'),
          content:
            systemKind !== undefined ? (
              fieldsOf('columns').length > 0 ? (
                <>
                  {ask}
                  {settings('columns')}
                </>
              ) : (
                <span>The extension names its objects itself.</span>
              )
            ) : (
              <>
                {ask}
                <TextField
                  label="Directory partition:"
                  required
                  hint="Distinguished name, such as DC=fabrikam,DC=lab"
                  value={answers.dn}
                  suggestions={partitions}
                  error={shown(problems.partitions['dn'])}
                  onChange={(dn) => set({ dn })}
                />
                {isAd ? (
                  <TextField
                    label="Domain (NetBIOS name):"
                    required
                    value={answers.domain}
                    error={shown(problems.partitions['domain'])}
                    onChange={(domain) => set({ domain })}
                  />
                ) : null}
              </>
            ),
        },
        {
          id: 'join',
          title: 'Configure Join and Projection Rules',
          invalid: isBad('join'),
          content: (
            <>
              <ChoiceField
                label="An object of this directory:"
                value={answers.rule}
                choices={{
                  project: 'Becomes a person',
                  join: "Joins the person whose attribute equals the object's",
                }}
                onChange={(rule) => set({ rule })}
              />
              <TextField
                label="Object's attribute:"
                required
                value={answers.connectorAttribute}
                suggestions={attributes}
                error={shown(problems.join['connector'])}
                onChange={(connectorAttribute) => set({ connectorAttribute })}
              />
              <TextField
                label="Person's attribute:"
                required
                value={answers.personAttribute}
                error={shown(problems.join['person'])}
                onChange={(personAttribute) => set({ personAttribute })}
              />
            </>
          ),
        },
        {
          id: 'extensions',
          title: 'Configure Extensions',
          invalid: false,
          content: (
            <>
              <CheckField
                label="Enable password management"
                checked={answers.passwordManagement}
                onChange={(passwordManagement) => set({ passwordManagement })}
              />
              {settings('password')}
              <span>
                {isSso
                  ? `"${answers.name.trim()}" gets a run profile that exports. Whose mappings it makes is said by Configure ENTSSO.xml.`
                  : `"${answers.name.trim()}" gets two run profiles, one for a full and one for a delta import. Nothing is read from the directory before one of them runs.`}
              </span>
            </>
          ),
        },
      ].filter(({ id }) => !isSso || (id !== 'partitions' && id !== 'join'))}
    />
  );
}
