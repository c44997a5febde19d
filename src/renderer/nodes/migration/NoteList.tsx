import { makeStyles, tokens } from '@fluentui/react-components';

import type { MigrationPreview } from '#shared/contract/migration.ts';
import { Icon } from '#ui/Icon.tsx';
import type { IconName } from '#ui/icon-paths.ts';

type Note = MigrationPreview['notes'][number];

const useStyles = makeStyles({
  summary: { cursor: 'pointer', color: tokens.colorNeutralForeground2 },
  note: {
    display: 'grid',
    gridTemplateColumns: '16px 1fr',
    gap: '0 6px',
    padding: '2px 0 2px 12px',
    userSelect: 'text',
    overflowWrap: 'anywhere',
  },
  detail: { gridColumn: 2, color: tokens.colorNeutralForeground2 },
});

const verdicts: Readonly<Record<Note['verdict'], { readonly icon: IconName; readonly words: string }>> = {
  'taken over': { icon: 'good', words: 'Taken over' },
  approximated: { icon: 'warning', words: 'Approximated' },
  'kept only': { icon: 'stopped', words: 'Kept only' },
};

/** The mapping report of one agent, folded: how many settings came over how, and each of them. */
export function NoteList({ label, notes }: { readonly label: string; readonly notes: readonly Note[] }) {
  const styles = useStyles();
  if (notes.length === 0) return null;
  const counts = (Object.keys(verdicts) as Note['verdict'][]).flatMap((verdict) => {
    const count = notes.filter((note) => note.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  return (
    <details>
      <summary className={styles.summary} aria-label={`Report of ${label}: ${counts.join(', ')}`}>
        {counts.join(', ')}
      </summary>
      {notes.map(({ setting, verdict, detail }) => (
        <div key={`${setting} ${detail}`} className={styles.note}>
          <Icon name={verdicts[verdict].icon} label={verdicts[verdict].words} />
          <span>{setting}</span>
          <span className={styles.detail}>{detail}</span>
        </div>
      ))}
    </details>
  );
}
