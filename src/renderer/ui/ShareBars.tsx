import { makeStyles, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  figure: {
    margin: 0,
    display: 'grid',
    // A long name gives way before the bar does.
    gridTemplateColumns: 'minmax(60px, max-content) minmax(48px, 1fr) auto',
    gap: '4px 8px',
    alignItems: 'center',
    alignContent: 'start',
  },
  title: { gridColumn: '1 / -1', fontWeight: tokens.fontWeightSemibold },
  row: { display: 'contents' },
  name: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  bar: {
    display: 'flex',
    height: '14px',
    backgroundColor: tokens.colorNeutralBackground4,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    gap: '1px',
    forcedColorAdjust: 'none',
  },
  words: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  good: { backgroundColor: 'var(--iconGood)' },
  warning: { backgroundColor: 'var(--iconWarning)' },
  danger: { backgroundColor: 'var(--iconDanger)' },
  quiet: { backgroundColor: 'var(--iconQuiet)' },
  accent: { backgroundColor: 'var(--iconAccent)' },
});

export interface SharePart {
  readonly name: string;
  readonly tone: 'good' | 'warning' | 'danger' | 'quiet' | 'accent';
  readonly value: number;
}

export interface ShareBarsProps {
  readonly label: string;
  readonly rows: readonly { readonly name: string; readonly parts: readonly SharePart[] }[];
}

/** Parts of a whole, one bar a row; every part is said in words beside it. */
export function ShareBars({ label, rows }: ShareBarsProps) {
  const styles = useStyles();
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.title}>{label}</figcaption>
      {rows.map(({ name, parts }) => {
        const present = parts.filter(({ value }) => value > 0);
        const total = present.reduce((sum, { value }) => sum + value, 0);
        return (
          <div key={name} className={styles.row}>
            <span className={styles.name} title={name}>
              {name}
            </span>
            <span className={styles.bar} aria-hidden>
              {present.map((part) => (
                <span
                  key={part.name}
                  className={styles[part.tone]}
                  style={{ width: `${(part.value / total) * 100}%` }}
                  title={`${part.value} ${part.name}`}
                />
              ))}
            </span>
            <span className={styles.words}>
              {present.length === 0 ? 'none' : present.map((part) => `${part.value} ${part.name}`).join(', ')}
            </span>
          </div>
        );
      })}
    </figure>
  );
}
