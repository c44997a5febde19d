import { Button, makeStyles, tokens } from '@fluentui/react-components';

import type { MigrationPreview } from '#shared/contract/migration.ts';
import { Icon } from '#ui/Icon.tsx';

type Target = MigrationPreview['targets'][number];

const useStyles = makeStyles({
  target: {
    display: 'grid',
    gridTemplateColumns: '16px minmax(0, 1fr)',
    gap: '0 6px',
    padding: '2px 0 2px 8px',
  },
  detail: { gridColumn: 2, color: tokens.colorNeutralForeground2 },
  command: {
    gridColumn: 2,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    overflowWrap: 'anywhere',
    userSelect: 'text',
  },
  lead: { gridColumn: 2, justifySelf: 'start', marginTop: '2px' },
});

const words: Readonly<Record<Target['state'], string>> = {
  missing: 'Not in the directory. This makes it, leading to this server:',
  'leads elsewhere':
    'In the directory, leading elsewhere. This makes one beside it that leads here; both then get every change:',
  'leads here': 'In the directory, leading to this server.',
  unknown: 'The directory could not be read yet. This makes it there:',
};

export interface TargetListProps {
  readonly targets: readonly Target[];
  /** Makes the target lead here as the agent's account; only shown as a command where absent. */
  readonly onLead?: ((name: string) => void) | undefined;
  readonly busy?: boolean;
}

/** Targets of PCNS that an export lists, how each stands in the directory, and what makes it lead here. */
export function TargetList({ targets, onLead, busy = false }: TargetListProps) {
  const styles = useStyles();
  return targets.map(({ name, server, spn, state, command }) => (
    <div key={name} className={styles.target}>
      <Icon name={state === 'leads here' ? 'good' : 'warning'} label={words[state]} />
      <span>{`${name}: ${server}, ${spn}`}</span>
      <span className={styles.detail}>{words[state]}</span>
      {command === undefined ? null : <code className={styles.command}>{command}</code>}
      {command === undefined || onLead === undefined ? null : (
        <Button
          size="small"
          className={styles.lead}
          disabled={busy}
          aria-label={`Make Target for ${name}`}
          onClick={() => onLead(name)}
        >
          Make Target
        </Button>
      )}
    </div>
  ));
}
