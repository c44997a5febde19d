import { makeStyles, tokens } from '@fluentui/react-components';

import type { ChangeTrace } from '#shared/contract/changes.ts';

const useStyles = makeStyles({
  hops: {
    display: 'grid',
    gridTemplateColumns: '90px 90px 1fr',
    gap: '2px 8px',
    alignItems: 'center',
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    userSelect: 'text',
  },
  hop: { display: 'contents' },
  ms: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' },
  track: { position: 'relative', height: '10px', backgroundColor: tokens.colorNeutralBackground4 },
  bar: {
    position: 'absolute',
    top: 0,
    bottom: 0,
    minWidth: '3px',
    backgroundColor: tokens.colorBrandBackground,
    forcedColorAdjust: 'none',
  },
  note: { gridColumn: '3', color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

/** Every hop of a change on one line of time, from the hook to the last line of the log. */
export function HopTrack({ trace }: { readonly trace: ChangeTrace }) {
  const styles = useStyles();
  const start = trace.hops[0]?.at ?? trace.capturedAt;
  const ends = [
    ...trace.hops.map(({ at }) => at),
    ...trace.deliveries.map(({ settledAt }) => settledAt ?? start),
  ];
  const total = Math.max(1, Math.max(...ends) - start);
  return (
    <ol className={styles.hops} aria-label="Hops">
      {trace.hops.map((hop, index) => {
        const next = trace.hops[index + 1]?.at ?? hop.at;
        const width = (Math.max(0, next - hop.at) / total) * 97;
        return (
          <li key={`${hop.name}${hop.at}`} className={styles.hop}>
            <span>{hop.name}</span>
            <span className={styles.ms}>{`${hop.at - start} ms`}</span>
            <span className={styles.track}>
              <span
                className={styles.bar}
                style={{ left: `${((hop.at - start) / total) * 97}%`, width: `${width}%` }}
              />
            </span>
            {hop.note === undefined ? null : <span className={styles.note}>{hop.note}</span>}
          </li>
        );
      })}
    </ol>
  );
}
