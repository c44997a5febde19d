import { makeStyles, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  tiles: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(122px, 1fr))', gap: '8px' },
  tile: {
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    padding: '10px 12px',
    backgroundColor: tokens.colorNeutralBackground2,
  },
  figure: {
    fontSize: tokens.fontSizeHero700,
    lineHeight: tokens.lineHeightHero700,
    fontVariantNumeric: 'tabular-nums',
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export interface TilesProps {
  /** Figure by title; one that is not known yet shows as a dash. */
  readonly figures: Readonly<Record<string, string | number | undefined>>;
}

/** Figures that tell at a glance how something stands. */
export function Tiles({ figures }: TilesProps) {
  const styles = useStyles();
  return (
    <div className={styles.tiles}>
      {Object.entries(figures).map(([title, figure]) => (
        <div key={title} className={styles.tile}>
          <div className={styles.figure}>
            {typeof figure === 'number' ? figure.toLocaleString() : (figure ?? '–')}
          </div>
          <div className={styles.quiet}>{title}</div>
        </div>
      ))}
    </div>
  );
}
