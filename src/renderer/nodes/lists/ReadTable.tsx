import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  table: { borderCollapse: 'collapse', width: '100%', userSelect: 'text', tableLayout: 'auto' },
  cell: {
    padding: '3px 8px',
    textAlign: 'left',
    verticalAlign: 'top',
    overflowWrap: 'anywhere',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  head: {
    color: tokens.colorNeutralForeground2,
    fontWeight: tokens.fontWeightSemibold,
    whiteSpace: 'nowrap',
    overflowWrap: 'normal',
  },
  empty: { color: tokens.colorNeutralForeground2 },
});

export interface ReadTableProps {
  readonly caption: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
  /** Said where there is no row. */
  readonly empty: string;
}

/** A small table to be read and copied. */
export function ReadTable({ caption, headings, rows, empty }: ReadTableProps) {
  const styles = useStyles();
  if (rows.length === 0) return <span className={styles.empty}>{empty}</span>;
  return (
    <table className={styles.table} aria-label={caption}>
      <thead>
        <tr>
          {headings.map((heading) => (
            <th key={heading} scope="col" className={`${styles.cell} ${styles.head}`}>
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are never reordered while they are shown
          <tr key={index}>
            {cells.map((cell, column) => (
              <td key={headings[column]} className={styles.cell}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
