import type { MetaverseRules } from '#shared/model/identity-rules.ts';
import type { ConfigurationReading, Draft } from '#state/use-draft.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { ChoiceField } from '#ui/ChoiceField.tsx';

import { ConfigurationSheet } from '../configuration/ConfigurationSheet.tsx';

export interface DeletionRuleSheetProps {
  readonly reading: ConfigurationReading;
  onClose(): void;
}

/** Configure Object Deletion Rule: when a person goes. */
export function DeletionRuleSheet({ reading, onClose }: DeletionRuleSheetProps) {
  return (
    <ConfigurationSheet<MetaverseRules>
      title="Object Deletion Rule"
      help="metaverse-designer"
      reading={reading}
      find={() => ['metaverse']}
      pages={(draft) => [
        {
          id: 'deletion',
          title: 'Object deletion rule',
          fields: ['deletionRule'],
          content: <DeletionRulePage draft={draft} />,
        },
      ]}
      onClose={onClose}
    />
  );
}

const choices = {
  'last-connector': 'When the last connector is disconnected',
  'any-of': 'When a connector from any of these management agents is disconnected',
} as const;

function DeletionRulePage({ draft }: { readonly draft: Draft<MetaverseRules> }) {
  const { value, change, configuration, errors } = draft;
  const { deletionRule } = value;
  const chosen = deletionRule.kind === 'any-of' ? deletionRule.agents : [];
  return (
    <>
      <ChoiceField<keyof typeof choices>
        label="Delete the metaverse object:"
        value={deletionRule.kind}
        choices={choices}
        onChange={(kind) =>
          change({ ...value, deletionRule: kind === 'any-of' ? { kind, agents: [] } : { kind } })
        }
      />
      {deletionRule.kind === 'any-of' ? (
        <div role="group" aria-label="Management agents" style={{ display: 'grid', paddingLeft: 18 }}>
          {configuration.agents.map(({ id, name }) => (
            <CheckField
              key={id}
              label={name}
              checked={chosen.includes(id)}
              onChange={(on) =>
                change({
                  ...value,
                  deletionRule: {
                    kind: 'any-of',
                    agents: on ? [...chosen, id] : chosen.filter((other) => other !== id),
                  },
                })
              }
            />
          ))}
        </div>
      ) : null}
      {errors.has('deletionRule.agents') ? (
        <span role="alert">Choose one management agent at least</span>
      ) : null}
    </>
  );
}
