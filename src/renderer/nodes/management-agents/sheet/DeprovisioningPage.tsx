import type { Agent } from '#shared/model/agent.ts';
import type { Deprovision } from '#shared/model/identity-rules.ts';
import type { Draft } from '#state/use-draft.ts';
import { ChoiceField } from '#ui/ChoiceField.tsx';

const choices: Readonly<Record<Deprovision, string>> = {
  disconnector: 'Make them disconnectors',
  'explicit-disconnector': 'Make them explicit disconnectors',
  delete: 'Stage a delete on the object for the next export run',
};

/** Configure Deprovisioning: what becomes of an object that is taken off its person. */
export function DeprovisioningPage({ draft }: { readonly draft: Draft<Agent> }) {
  const { value, change } = draft;
  return (
    <ChoiceField
      label="When objects are disconnected from their person:"
      value={value.deprovision}
      choices={choices}
      onChange={(deprovision) => change({ ...value, deprovision })}
    />
  );
}
