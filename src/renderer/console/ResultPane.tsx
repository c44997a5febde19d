import {
  Button,
  Input,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Spinner,
  tokens,
} from '@fluentui/react-components';
import { useCallback, useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef } from 'react';

import { Icon } from '#ui/Icon.tsx';

import { numberText } from './column.ts';
import { useConsole, useConsoleState } from './console-context.ts';
import { defaultLayout, filterRows, type ListLayout, shownColumns } from './list-layout.ts';
import type { ListSelection } from './list-selection.ts';
import type { PlacedNode } from './node-path.ts';
import { ResultList } from './ResultList.tsx';
import type { NodeList } from './scope-node.ts';

const useStyles = makeStyles({
  pane: { display: 'flex', flexDirection: 'column', flexGrow: 1, minWidth: 0, minHeight: 0 },
  description: {
    display: 'flex',
    alignItems: 'center',
    gap: '8px',
    minHeight: '32px',
    padding: '2px 8px',
    backgroundColor: tokens.colorNeutralBackground3,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  name: {
    margin: 0,
    fontSize: tokens.fontSizeBase300,
    fontWeight: tokens.fontWeightSemibold,
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  count: { color: tokens.colorNeutralForeground2, whiteSpace: 'nowrap' },
  filter: { marginLeft: 'auto', width: '220px', minWidth: '90px', flexShrink: 2 },
  empty: {
    display: 'grid',
    placeContent: 'center',
    justifyItems: 'center',
    gap: '6px',
    flexGrow: 1,
    padding: '24px',
  },
  hint: { color: tokens.colorNeutralForeground2 },
  page: { overflow: 'auto', flexGrow: 1 },
});

export interface ResultPaneProps {
  readonly placed: PlacedNode;
  readonly selection: ListSelection;
  /** What the list holds now, for verbs, counts and export. */
  onRows(rows: readonly unknown[], shown: number): void;
  onSelection(selection: ListSelection): void;
  onOpen(): void;
  onContextMenu(at: { readonly x: number; readonly y: number }, onRow: boolean): void;
}

/** What the selected node shows: its list with a description bar and quick filter, or its page. */
export function ResultPane(props: ResultPaneProps) {
  const { node } = props.placed;
  const styles = useStyles();
  const { Page } = node;
  return (
    <main aria-label={node.label} className={styles.pane}>
      {node.list !== undefined ? (
        <ListPane key={props.placed.path} {...props} list={node.list} />
      ) : (
        <>
          <div className={styles.description}>
            <Icon name={node.icon} />
            <h1 className={styles.name}>{node.label}</h1>
          </div>
          <div className={styles.page}>{Page === undefined ? null : <Page />}</div>
        </>
      )}
    </main>
  );
}

const noRows: readonly unknown[] = [];
/** What a list of many rows loses of its width, pixels. */
const scrollbar = 16;

function ListPane(props: ResultPaneProps & { readonly list: NodeList<unknown> }) {
  const { placed, list, selection, onRows, onSelection, onOpen, onContextMenu } = props;
  const { node, path } = placed;
  const styles = useStyles();
  const { store, perform } = useConsole();
  const data = list.useRows();
  const { loading, problem } = data;
  // An empty list that is made anew at each turn would be told to the console for ever.
  const rows = data.rows.length === 0 ? noRows : data.rows;
  const room = useConsoleState((state) => state.listRoom);
  const bar = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = bar.current;
    if (element === null) return undefined;
    const measure = (): void => store.getState().setListRoom(element.clientWidth - scrollbar);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [store]);
  const standard = useMemo(() => defaultLayout(list.columns, room), [list, room]);
  const layout = useConsoleState((state) => state.layouts[path]) ?? standard;
  const filter = useConsoleState((state) => state.filters[path]) ?? '';
  // What is typed shows at once; a long list follows when there is time.
  const wanted = useDeferredValue(filter);
  const columns = useMemo(() => shownColumns(list.columns, layout), [list, layout]);
  const found = useMemo(() => filterRows(rows, columns, wanted), [rows, columns, wanted]);
  const shown = found.length;
  const total = filter === '' ? Math.max(rows.length, data.total ?? 0) : shown;
  const setFilter = (text: string): void => store.getState().setFilter(path, text);
  const setLayout = useCallback((next: ListLayout) => store.getState().setLayout(path, next), [store, path]);

  useEffect(() => onRows(rows, shown), [rows, shown, onRows]);

  return (
    <>
      <div ref={bar} className={styles.description}>
        <Icon name={node.icon} />
        <h1 className={styles.name}>{node.label}</h1>
        <span role="status" className={styles.count}>
          {filter === ''
            ? countWords(rows.length, total, data.whole)
            : `${numberText(shown)} of ${countWords(rows.length)} contain "${filter}"`}
        </span>
        <Input
          size="small"
          className={styles.filter}
          aria-label="Quick filter"
          placeholder="Filter (Ctrl+F)"
          data-quick-filter
          contentBefore={<Icon name="search" />}
          contentAfter={
            filter === '' ? undefined : (
              <Button size="small" appearance="transparent" onClick={() => setFilter('')}>
                Clear
              </Button>
            )
          }
          value={filter}
          onChange={(_, { value }) => setFilter(value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setFilter('');
          }}
        />
      </div>
      {list.Header === undefined ? null : <list.Header />}
      {problem === undefined ? null : (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{problem.message}</MessageBarTitle> {problem.fix}
          </MessageBarBody>
        </MessageBar>
      )}
      {loading ? (
        <div className={styles.empty}>
          <Spinner size="tiny" label="Loading..." />
        </div>
      ) : rows.length === 0 && problem !== undefined ? (
        // Whether it is empty is not known.
        <div className={styles.page} />
      ) : rows.length === 0 ? (
        <div className={styles.empty}>
          <strong>{list.empty.title}</strong>
          <span className={styles.hint}>{list.empty.hint}</span>
          <EmptyAction list={list} perform={perform} />
        </div>
      ) : shown === 0 ? (
        <div className={styles.empty}>
          <strong>{`Nothing contains "${filter}"`}</strong>
          <Button size="small" onClick={() => setFilter('')}>
            Clear filter
          </Button>
        </div>
      ) : (
        <ResultList
          label={node.label}
          list={list}
          rows={found}
          total={total}
          layout={layout}
          selection={selection}
          onLayout={setLayout}
          onSelection={onSelection}
          onOpen={onOpen}
          onContextMenu={onContextMenu}
        />
      )}
    </>
  );
}

function countWords(read: number, total = read, whole = read): string {
  if (read < whole) return `${numberText(read)} of ${numberText(whole)} items are shown`;
  if (read < total) return `${numberText(read)} of ${numberText(total)} items are read`;
  return `${numberText(read)} ${read === 1 ? 'item' : 'items'}`;
}

interface EmptyActionProps {
  readonly list: NodeList<unknown>;
  readonly perform: ReturnType<typeof useConsole>['perform'];
}

function EmptyAction({ list, perform }: EmptyActionProps) {
  const { action } = list.empty;
  if (action === undefined) return null;
  return (
    <Button size="small" appearance="primary" onClick={() => perform(action)}>
      {action.label}
    </Button>
  );
}
