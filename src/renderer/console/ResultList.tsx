import { makeStyles, tokens } from '@fluentui/react-components';
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef } from 'react';

import { type Column, cellText } from './column.ts';
import { rowsAsTsv } from './export-list.ts';
import { headerHeight, ListHeader } from './ListHeader.tsx';
import { ListRow, rowHeight } from './ListRow.tsx';
import { filterRows, type ListLayout, shownColumns, sortRows } from './list-layout.ts';
import { gestureOf, keepPresent, type ListSelection, reach, selectAll } from './list-selection.ts';
import type { NodeList } from './scope-node.ts';
import { useTypeAhead } from './use-type-ahead.ts';
import { useVirtualRows } from './use-virtual-rows.ts';

const useStyles = makeStyles({
  viewport: {
    position: 'relative',
    overflow: 'auto',
    flexGrow: 1,
    outline: 'none',
    userSelect: 'none',
    backgroundColor: tokens.colorNeutralBackground1,
  },
  body: { position: 'relative', minWidth: 'max-content' },
});

export interface ResultListProps {
  readonly label: string;
  readonly list: NodeList<unknown>;
  readonly rows: readonly unknown[];
  readonly filter: string;
  readonly layout: ListLayout;
  readonly selection: ListSelection;
  onLayout(layout: ListLayout): void;
  onSelection(selection: ListSelection): void;
  /** Enter or double click on the selected rows. */
  onOpen(): void;
  onContextMenu(at: { readonly x: number; readonly y: number }, onRow: boolean): void;
}

/** The result list: any number of rows, one Tab stop, the selection gestures and keys of a Windows list. */
export function ResultList(props: ResultListProps) {
  const { label, list, rows, filter, layout, selection, onLayout, onSelection, onOpen, onContextMenu } =
    props;
  const styles = useStyles();
  const viewport = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const typeAhead = useTypeAhead();

  const columns = useMemo(() => shownColumns(list.columns, layout), [list, layout]);
  const shown = useMemo(
    () => sortRows(filterRows(rows, columns, filter), list.columns, layout),
    [rows, columns, filter, list, layout],
  );
  const order = useMemo(() => shown.map((row) => list.keyOf(row)), [shown, list]);
  const virtual = useVirtualRows(viewport, shown.length, rowHeight, headerHeight);

  const before = useRef(order);
  useEffect(() => {
    const kept = keepPresent(selection, before.current, order);
    before.current = order;
    if (kept !== selection) onSelection(kept);
  }, [order, selection, onSelection]);

  const focusAt = selection.focus === undefined ? -1 : order.indexOf(selection.focus);
  const move = (index: number, event: KeyboardEvent): void => {
    const to = Math.max(0, Math.min(index, order.length - 1));
    const key = order[to];
    if (key === undefined) return;
    event.preventDefault();
    onSelection(reach(selection, order, key, event.shiftKey ? 'extend' : event.ctrlKey ? 'focus' : 'only'));
    virtual.scrollTo(to);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== viewport.current) return;
    const steps = new Map([
      ['ArrowDown', focusAt + 1],
      ['ArrowUp', focusAt - 1],
      ['PageDown', focusAt + virtual.page],
      ['PageUp', focusAt - virtual.page],
      ['Home', 0],
      ['End', order.length - 1],
    ]);
    const to = steps.get(event.key);
    const control = event.ctrlKey || event.metaKey;
    if (to !== undefined && !event.altKey) move(to, event);
    else if (event.key === 'Enter' && !event.altKey && focusAt !== -1) onOpen();
    else if (control && event.key === 'a') {
      event.preventDefault();
      onSelection(selectAll(selection, order));
    } else if (control && event.key === 'c') void copy();
    else if (event.key === ' ' && selection.focus !== undefined) {
      event.preventDefault();
      onSelection(reach(selection, order, selection.focus, control ? 'toggle' : 'only'));
    } else if (event.key.length === 1 && !control && !event.altKey) {
      const [name] = columns;
      const found = name && typeAhead(event.key, shown, focusAt, (row) => cellText(name, row));
      if (found !== undefined) move(shown.indexOf(found), event);
    }
  };

  const copy = async (): Promise<void> => {
    const chosen = shown.filter((row) => selection.keys.has(list.keyOf(row)));
    if (chosen.length > 0) await navigator.clipboard.writeText(rowsAsTsv(columns, chosen));
  };

  const rowAt = (event: MouseEvent): string | undefined => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
    return element === null ? undefined : order[Number(element.dataset['row'])];
  };

  return (
    <div
      ref={viewport}
      role="grid"
      tabIndex={0}
      aria-label={list.label ?? label}
      aria-multiselectable
      aria-rowcount={shown.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={focusAt === -1 ? undefined : `${prefix}${focusAt}`}
      className={styles.viewport}
      onKeyDown={onKeyDown}
      onFocus={() => {
        const [first] = order;
        if (focusAt === -1 && first !== undefined) onSelection({ ...selection, focus: first });
      }}
      onClick={(event) => {
        const key = rowAt(event);
        if (key !== undefined) onSelection(reach(selection, order, key, gestureOf(event)));
        else if (event.target === viewport.current) onSelection({ ...selection, keys: new Set() });
      }}
      onDoubleClick={(event) => {
        if (rowAt(event) !== undefined) onOpen();
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        const key = rowAt(event);
        if (key !== undefined && !selection.keys.has(key)) onSelection(reach(selection, order, key, 'only'));
        const keyboard = event.clientX === 0 && event.clientY === 0;
        const box = document.getElementById(`${prefix}${focusAt}`)?.getBoundingClientRect();
        const at =
          keyboard && box !== undefined
            ? { x: box.left + 24, y: box.bottom }
            : { x: event.clientX, y: event.clientY };
        onContextMenu(at, key !== undefined || (keyboard && selection.keys.size > 0));
      }}
    >
      <ListHeader columns={columns as readonly Column<unknown>[]} layout={layout} onLayout={onLayout} />
      <div role="rowgroup" className={styles.body} style={{ height: shown.length * rowHeight }}>
        {shown.slice(virtual.first, virtual.end).map((row, offset) => {
          const index = virtual.first + offset;
          const key = order[index] ?? '';
          return (
            <ListRow
              key={key}
              id={`${prefix}${index}`}
              index={index}
              row={row}
              columns={columns}
              layout={layout}
              icon={list.iconOf?.(row)}
              selected={selection.keys.has(key)}
              focused={selection.focus === key}
            />
          );
        })}
      </div>
    </div>
  );
}
