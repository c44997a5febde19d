import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { memo } from 'react';

import { Icon } from '#ui/Icon.tsx';
import type { IconName } from '#ui/icon-paths.ts';

import { type Column, cellText } from './column.ts';

export const rowHeight = 24;

const useStyles = makeStyles({
  row: {
    position: 'absolute',
    left: 0,
    display: 'flex',
    alignItems: 'center',
    height: `${rowHeight}px`,
    minWidth: '100%',
    whiteSpace: 'nowrap',
    cursor: 'default',
    contain: 'layout style',
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
  },
  selected: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Selected },
    '@media (forced-colors: active)': {
      backgroundColor: 'Highlight',
      ':hover': { backgroundColor: 'Highlight' },
      color: 'HighlightText',
      forcedColorAdjust: 'none',
    },
  },
  focus: { outline: `1px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-1px' },
  cell: {
    flexShrink: 0,
    padding: '0 8px',
    boxSizing: 'border-box',
    overflow: 'clip',
    textOverflow: 'ellipsis',
  },
  number: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' },
  name: { display: 'flex', alignItems: 'center', gap: '6px' },
  text: { minWidth: 0, overflow: 'clip', textOverflow: 'ellipsis' },
});

export interface ListRowProps {
  readonly id: string;
  readonly index: number;
  readonly row: unknown;
  readonly columns: readonly Column<unknown>[];
  /** Of each column, pixels. */
  readonly widths: readonly number[];
  readonly icon: IconName | undefined;
  readonly selected: boolean;
  readonly focused: boolean;
}

/** One row; has no listeners of its own, the list finds it by its index. */
export const ListRow = memo(function ListRow(props: ListRowProps) {
  const { id, index, row, columns, widths, icon, selected, focused } = props;
  const styles = useStyles();
  return (
    <div
      id={id}
      role="row"
      data-row={index}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={mergeClasses(styles.row, selected && styles.selected, focused && styles.focus)}
      style={{ top: index * rowHeight }}
    >
      {columns.map((column, place) => (
        <div
          key={column.id}
          role={place === 0 ? 'rowheader' : 'gridcell'}
          aria-colindex={place + 1}
          className={mergeClasses(
            styles.cell,
            column.kind === 'number' && styles.number,
            place === 0 && styles.name,
          )}
          style={{ width: widths[place] }}
        >
          {place === 0 && icon !== undefined ? <Icon name={icon} /> : null}
          {column.render !== undefined ? (
            column.render(row)
          ) : place === 0 ? (
            <span className={styles.text}>{cellText(column, row)}</span>
          ) : (
            cellText(column, row)
          )}
        </div>
      ))}
    </div>
  );
});
