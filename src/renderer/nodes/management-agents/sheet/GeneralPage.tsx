import type { Agent } from '#shared/model/agent.ts';
import { agentKinds, ldapProfiles } from '#shared/text/agent-words.ts';
import type { Draft } from '#state/use-draft.ts';
import { FactList } from '#ui/FactList.tsx';
import { SelectField } from '#ui/SelectField.tsx';
import { TextField } from '#ui/TextField.tsx';

/** Properties: what the agent is called and what it is for. */
export function GeneralPage({ draft }: { readonly draft: Draft<Agent> }) {
  const { value, change, errors } = draft;
  return (
    <>
      <FactList
        facts={[
          { term: 'Management agent for:', value: agentKinds[value.kind] },
          { term: 'Identifier:', value: value.id },
        ]}
      />
      <TextField
        label="Name:"
        autoFocus
        value={value.name}
        error={errors.get('name') && 'Enter a name of 1 to 64 characters that no other agent has'}
        onChange={(name) => change({ ...value, name })}
      />
      <TextField
        label="Description:"
        value={value.description}
        error={errors.get('description') && 'Enter at most 1024 characters'}
        onChange={(description) => change({ ...value, description })}
      />
      {value.kind === 'ldap' ? (
        <SelectField
          label="Directory:"
          value={value.profile}
          choices={ldapProfiles}
          onChange={(profile) => change({ ...value, profile })}
        />
      ) : null}
    </>
  );
}
