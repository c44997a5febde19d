import { makeStyles, tokens } from '@fluentui/react-components';
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef } from 'react';

import { cellText } from './column.ts';
import { rowsAsTsv } from './export-list.ts';
import { fitColumns } from './fit-columns.ts';
import { headerHeight, ListHeader } from './ListHeader.tsx';
import { ListRow, rowHeight } from './ListRow.tsx';
import { type ListLayout, shownColumns, sortRows } from './list-layout.ts';
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
  /** How many rows there will be when all are read; the rows so far where fewer. */
  readonly total?: number;
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
  const {
    label,
    list,
    rows,
    total = 0,
    layout,
    selection,
    onLayout,
    onSelection,
    onOpen,
    onContextMenu,
  } = props;
  const styles = useStyles();
  const viewport = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const typeAhead = useTypeAhead();

  const columns = useMemo(() => shownColumns(list.columns, layout), [list, layout]);
  const shown = useMemo(() => sortRows(rows, list.columns, layout), [rows, list, layout]);
  const chosen = selection.focus !== undefined || selection.keys.size > 0;
  // The keys of a hundred thousand rows are made when somebody selects, not when they are shown.
  const keys = useMemo(() => memoize(() => shown.map((row) => list.keyOf(row))), [shown, list]);
  const count = Math.max(shown.length, total);
  const virtual = useVirtualRows(viewport, count, rowHeight, headerHeight);
  const widths = useMemo(() => fitColumns(columns, layout, virtual.width), [columns, layout, virtual.width]);

  const before = useRef(keys);
  useEffect(() => {
    if (chosen && before.current !== keys) {
      const kept = keepPresent(selection, before.current(), keys());
      if (kept !== selection) onSelection(kept);
    }
    before.current = keys;
  }, [keys, chosen, selection, onSelection]);

  const focusAt = useMemo(
    () => (selection.focus === undefined ? -1 : keys().indexOf(selection.focus)),
    [keys, selection.focus],
  );
  const keyAt = (index: number): string | undefined => {
    const row = shown[index];
    return row === undefined ? undefined : list.keyOf(row);
  };
  const move = (index: number, event: KeyboardEvent): void => {
    const to = Math.max(0, Math.min(index, shown.length - 1));
    const key = keyAt(to);
    if (key === undefined) return;
    event.preventDefault();
    onSelection(reach(selection, keys(), key, event.shiftKey ? 'extend' : event.ctrlKey ? 'focus' : 'only'));
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
      ['End', shown.length - 1],
    ]);
    const to = steps.get(event.key);
    const control = event.ctrlKey || event.metaKey;
    if (to !== undefined && !event.altKey) move(to, event);
    else if (event.key === 'Enter' && !event.altKey && focusAt !== -1) onOpen();
    else if (control && event.key === 'a') {
      event.preventDefault();
      onSelection(selectAll(selection, keys()));
    } else if (control && event.key === 'c') void copy();
    else if (event.key === ' ' && selection.focus !== undefined && !typeAhead.isTyping()) {
      event.preventDefault();
      onSelection(reach(selection, keys(), selection.focus, control ? 'toggle' : 'only'));
    } else if (event.key.length === 1 && !control && !event.altKey) {
      const [name] = columns;
      const found = name && typeAhead.find(event.key, shown, focusAt, (row) => cellText(name, row));
      if (found !== undefined) move(shown.indexOf(found), event);
    }
  };

  const copy = async (): Promise<void> => {
    const chosen = shown.filter((row) => selection.keys.has(list.keyOf(row)));
    if (chosen.length > 0) await navigator.clipboard.writeText(rowsAsTsv(columns, chosen));
  };

  const rowAt = (event: MouseEvent): string | undefined => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
    return element === null ? undefined : keyAt(Number(element.dataset['row']));
  };

  return (
    <div
      ref={viewport}
      role="grid"
      tabIndex={0}
      aria-label={list.label ?? label}
      aria-multiselectable
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={focusAt === -1 ? undefined : `${prefix}${focusAt}`}
      className={styles.viewport}
      onKeyDown={onKeyDown}
      onFocus={() => {
        const first = keyAt(0);
        if (focusAt === -1 && first !== undefined) onSelection({ ...selection, focus: first });
      }}
      onClick={(event) => {
        const key = rowAt(event);
        if (key !== undefined) onSelection(reach(selection, keys(), key, gestureOf(event)));
        else if (event.target === viewport.current) onSelection({ ...selection, keys: new Set() });
      }}
      onPointerOver={(event) => nameWhatIsCutOff(event.target)}
      onDoubleClick={(event) => {
        if (rowAt(event) !== undefined) onOpen();
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        const key = rowAt(event);
        if (key !== undefined && !selection.keys.has(key)) onSelection(reach(selection, keys(), key, 'only'));
        // The keyboard's event comes from the list itself, with the place of the focus.
        const keyboard = event.button !== 2 && key === undefined;
        const box = document.getElementById(`${prefix}${focusAt}`)?.getBoundingClientRect();
        const at =
          keyboard && box !== undefined
            ? { x: box.left + 24, y: box.bottom }
            : { x: event.clientX, y: event.clientY };
        onContextMenu(at, key !== undefined || (keyboard && selection.keys.size > 0));
      }}
    >
      <ListHeader columns={columns} layout={layout} widths={widths} onLayout={onLayout} />
      <div role="rowgroup" className={styles.body} style={{ height: count * rowHeight }}>
        {shown.slice(virtual.first, virtual.end).map((row, offset) => {
          const index = virtual.first + offset;
          const key = list.keyOf(row);
          return (
            <ListRow
              key={index % virtual.pool}
              id={`${prefix}${index}`}
              index={index}
              row={row}
              columns={columns}
              widths={widths}
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

/** A tooltip for a cell whose text does not fit, made when it is asked for. */
function nameWhatIsCutOff(target: EventTarget): void {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-row] > *') : null;
  if (cell === null) return;
  const text = cell.querySelector<HTMLElement>(':scope > span') ?? cell;
  const cut = text.scrollWidth > text.clientWidth || cell.scrollWidth > cell.clientWidth;
  if (cut) cell.title = cell.textContent ?? '';
  else cell.removeAttribute('title');
}

function memoize<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
