import { makeStyles, tokens } from '@fluentui/react-components';
import { useMemo, useState } from 'react';

import type { Column } from '#console/column.ts';
import { defaultLayout, type ListLayout } from '#console/list-layout.ts';
import { emptySelection, type ListSelection } from '#console/list-selection.ts';
import { ResultList } from '#console/ResultList.tsx';
import { type NodeList, opaqueList } from '#console/scope-node.ts';
import type { IconName } from '#ui/icon-paths.ts';

const useStyles = makeStyles({
  frame: {
    display: 'flex',
    flexDirection: 'column',
    minHeight: '120px',
    flexGrow: 1,
    flexBasis: 0,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  empty: { padding: '12px', color: tokens.colorNeutralForeground2 },
});

export interface PlainListProps<Row> {
  readonly label: string;
  /** The same array at every turn. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Said in place of the list where there is no row. */
  readonly empty: string;
  keyOf(row: Row): string;
  iconOf?(row: Row): IconName;
  /** The chosen rows, each time that they change. */
  onSelect?(rows: readonly Row[]): void;
  /** Double click and Enter. */
  onOpen?(row: Row): void;
}

/** A result list inside a page or a dialog, with the manners of the big one. */
export function PlainList<Row>(props: PlainListProps<Row>) {
  const { label, columns, rows, empty, keyOf, iconOf, onSelect, onOpen } = props;
  const styles = useStyles();
  const [layout, setLayout] = useState<ListLayout>(() => defaultLayout(columns));
  const [selection, setSelection] = useState<ListSelection>(emptySelection);
  const list = useMemo<NodeList<unknown>>(
    () =>
      opaqueList<Row>({
        columns,
        empty: { title: empty, hint: '' },
        useRows: () => ({ rows: [], loading: false }),
        keyOf,
        ...(iconOf && { iconOf }),
      }),
    [columns, empty, keyOf, iconOf],
  );
  const chosen = (at: ListSelection): readonly Row[] => rows.filter((row) => at.keys.has(keyOf(row)));
  return (
    <div className={styles.frame}>
      {rows.length === 0 ? (
        <span role="status" className={styles.empty}>
          {empty}
        </span>
      ) : (
        <ResultList
          label={label}
          list={list}
          rows={rows}
          layout={layout}
          selection={selection}
          onLayout={setLayout}
          onSelection={(next) => {
            setSelection(next);
            onSelect?.(chosen(next));
          }}
          onOpen={() => {
            const [row] = chosen(selection);
            if (row !== undefined) onOpen?.(row);
          }}
          onContextMenu={() => undefined}
        />
      )}
    </div>
  );
}
