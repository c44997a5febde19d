import { Checkbox, makeStyles, Select, tokens } from '@fluentui/react-components';

import type { MigrationPreview } from '#shared/contract/migration.ts';
import { agentKinds, ldapProfiles } from '#shared/text/agent-words.ts';
import { CheckField } from '#ui/CheckField.tsx';

import type { MigrationAnswers } from './migration-answers.ts';
import { NoteList } from './NoteList.tsx';
import { TargetList } from './TargetList.tsx';

const useStyles = makeStyles({
  agent: { display: 'grid', gridTemplateColumns: '1fr 220px', alignItems: 'center', gap: '0 8px' },
  wide: { gridColumn: '1 / 3', paddingLeft: '32px' },
  heading: { margin: '4px 0 0', fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2, paddingLeft: '32px' },
});

const kindWords: Readonly<Record<string, string>> = {
  ...agentKinds,
  ...Object.fromEntries(Object.entries(ldapProfiles).map(([profile, words]) => [`ldap:${profile}`, words])),
};

export interface MappingPageProps {
  readonly preview: MigrationPreview;
  readonly answers: MigrationAnswers;
  onChange(answers: MigrationAnswers): Promise<void>;
}

/** What becomes of each agent, definition and setting, and which of them come along. */
export function MappingPage({ preview, answers, onChange }: MappingPageProps) {
  const styles = useStyles();
  const { agents, definitions, mappings, targets, notes } = preview;
  const toggle = (key: string): void => {
    const left = new Set(answers.left);
    if (!left.delete(key)) left.add(key);
    void onChange({ ...answers, left });
  };
  return (
    <>
      {agents.map(({ id, name, category, kind, choices, exists, notes: own }) => (
        <div key={id} className={styles.agent}>
          <Checkbox
            label={`${name} (${category})${exists ? ', replaces the one that is there' : ''}`}
            checked={kind !== undefined && !answers.left.has(id)}
            disabled={kind === undefined}
            onChange={() => toggle(id)}
          />
          {choices.length === 0 ? (
            <span>Kept only</span>
          ) : (
            <Select
              size="small"
              aria-label={`${name} becomes`}
              value={answers.kinds[id] ?? choices[0]}
              onChange={(_, { value }) =>
                void onChange({ ...answers, kinds: { ...answers.kinds, [id]: value } })
              }
            >
              {choices.map((choice) => (
                <option key={choice} value={choice}>
                  {kindWords[choice] ?? choice}
                </option>
              ))}
            </Select>
          )}
          <div className={styles.wide}>
            <NoteList label={name} notes={own} />
          </div>
        </div>
      ))}
      {definitions.length === 0 ? null : <h3 className={styles.heading}>Enterprise Single Sign-On</h3>}
      {definitions.map(({ key, kind, name, exists, problem }) => (
        <div key={key}>
          <Checkbox
            label={`${kind === 'adapter' ? 'Adapter' : 'Application'} ${name}${exists ? ', is there already and stays' : ''}`}
            checked={!exists && problem === undefined && !answers.left.has(key)}
            disabled={exists || problem !== undefined}
            onChange={() => toggle(key)}
          />
          {problem === undefined ? null : <div className={styles.quiet}>{problem}</div>}
        </div>
      ))}
      {mappings === 0 ? null : (
        <CheckField
          label={`Mappings of these applications (${mappings})`}
          checked={answers.mappings}
          onChange={(chosen) => void onChange({ ...answers, mappings: chosen })}
        />
      )}
      {targets.length === 0 ? null : <h3 className={styles.heading}>Targets of PCNS</h3>}
      <TargetList targets={targets} />
      <h3 className={styles.heading}>Server</h3>
      <CheckField
        label="Settings of the server and of the single sign-on system"
        checked={answers.options}
        onChange={(options) => void onChange({ ...answers, options })}
      />
      <div className={styles.wide}>
        <NoteList label="Server" notes={notes} />
      </div>
    </>
  );
}
