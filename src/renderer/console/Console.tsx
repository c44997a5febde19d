import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';

import { type ActionGroup, ActionsPane } from './ActionsPane.tsx';
import { cellText, loadFormats, numberText } from './column.ts';
import { ConsoleContext } from './console-context.ts';
import type { ConsoleStore } from './console-store.ts';
import { defaultLayout, shownColumns } from './list-layout.ts';
import { emptySelection, type ListSelection } from './list-selection.ts';
import { MenuBar, type TopMenu } from './MenuBar.tsx';
import type { PlacedNode } from './node-path.ts';
import { ResultPane } from './ResultPane.tsx';
import { ScopeTree } from './ScopeTree.tsx';
import { Splitter } from './Splitter.tsx';
import type { ScopeNode } from './scope-node.ts';
import { standardVerbs } from './standard-verbs.ts';
import { TaskButton } from './TaskButton.tsx';
import { Toolbar } from './Toolbar.tsx';
import { useConsoleServices } from './use-console-services.tsx';
import { useGeneralVerbs } from './use-general-verbs.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import { VerbMenu } from './VerbMenu.tsx';
import { defaultVerb, orderVerbs, type Verb } from './verb.ts';

const useStyles = makeStyles({
  window: { display: 'flex', flexDirection: 'column', height: '100vh', overflow: 'hidden' },
  panes: { display: 'flex', flexGrow: 1, minHeight: 0 },
  side: { display: 'flex', flexShrink: 0, minHeight: 0, backgroundColor: tokens.colorNeutralBackground2 },
  tree: { maxWidth: '36vw' },
  // Menus have the same verbs: a narrow window leaves the room to the result.
  actions: { display: 'contents', '@media (max-width: 720px)': { display: 'none' } },
  status: {
    display: 'flex',
    gap: '16px',
    padding: '2px 8px',
    minHeight: '22px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground3,
    color: tokens.colorNeutralForeground2,
  },
  end: { marginLeft: 'auto', display: 'flex', gap: '16px' },
});

export interface ConsoleProps {
  readonly root: ScopeNode;
  readonly store: ConsoleStore;
  /** Menus between View and Help, such as Tools, and additions to File. */
  readonly fileVerbs: readonly Verb[];
  readonly toolVerbs: readonly Verb[];
  /** Right end of the status bar. */
  readonly status: ReactNode;
  /** A band below the menu bar: a lost connection, a warning that concerns everything. */
  readonly band?: ReactNode;
  /** Behind Help in the Help menu: About. */
  readonly helpVerbs?: readonly Verb[];
  onRefresh(): void;
  onHelp(page: string): void;
  /** Opens another window whose tree begins at a node. */
  onNewWindow(path: string): void;
  /** Takes the menus in place of the menu bar, where the desktop has native ones. */
  onMenus?(menus: readonly TopMenu[], perform: (verb: Verb) => void): void;
}

const noVerbs: readonly Verb[] = [];
const noRows: readonly unknown[] = [];

const TaskPane = lazy(async () => ({ default: (await import('./TaskPane.tsx')).TaskPane }));

/** A generic MMC: tree, result pane, actions pane, menus, toolbar, status bar and keyboard around any scope tree. */
export function Console(props: ConsoleProps) {
  const { root, store, fileVerbs, toolVerbs, status, band, onRefresh, onHelp, onNewWindow, onMenus } = props;
  const { helpVerbs = noVerbs } = props;
  const styles = useStyles();
  const state = useStore(store);
  // What it offers follows from the selection, which the same click may just have moved.
  const [menu, setMenu] = useState<{ readonly onRow: boolean; readonly x: number; readonly y: number }>();
  // Rows may come many times a second: only what is selected of them makes menus and panes look again.
  const inHand = useRef<{ readonly rows: readonly unknown[]; readonly shown: number }>({
    rows: [],
    shown: 0,
  });
  const [told, tell] = useState<{ readonly path: string; readonly rows: readonly unknown[] }>();
  const [chosen, setChosen] = useState<{ readonly path: string; readonly selection: ListSelection }>();
  const [placed, setPlaced] = useState<PlacedNode>({ path: root.id, level: 1, node: root });
  const selection = chosen?.path === placed.path ? chosen.selection : emptySelection;
  const { node, path } = placed;
  const list = node.list;
  const seen = told?.path === path ? told.rows : noRows;

  const { services, tasks, surface } = useConsoleServices(store, onHelp);
  const [tasksShown, showTasks] = useState(false);
  const { openDialog } = services;

  const layout =
    state.layouts[path] ?? (list === undefined ? undefined : defaultLayout(list.columns, state.listRoom));
  const rowVerbs = useMemo(() => {
    if (list?.verbsOf === undefined || selection.keys.size === 0) return [];
    const rows = seen.filter((row) => selection.keys.has(list.keyOf(row)));
    return rows.length === 0 ? [] : orderVerbs(list.verbsOf(rows));
  }, [list, seen, selection.keys]);
  const nodeVerbs = orderVerbs([
    ...(node.verbs?.() ?? []),
    ...standardVerbs(
      {
        store,
        refresh: onRefresh,
        help: () => onHelp(node.help),
        newWindow: () => onNewWindow(path),
        chooseColumns: async () => {
          if (list === undefined || layout === undefined) return;
          const { ColumnsDialog } = await import('./ColumnsDialog.tsx');
          openDialog((close) => (
            <ColumnsDialog
              columns={list.columns}
              layout={layout}
              room={state.listRoom}
              onLayout={(next) => state.setLayout(path, next)}
              onClose={close}
            />
          ));
        },
        exportList: async () => {
          if (list === undefined || layout === undefined) return;
          const { ExportListDialog } = await import('./ExportListDialog.tsx');
          openDialog((close) => (
            <ExportListDialog
              label={node.label}
              columns={shownColumns(list.columns, layout)}
              rows={inHand.current.rows}
              onClose={close}
            />
          ));
        },
      },
      list !== undefined,
    ),
  ]);

  const general = useGeneralVerbs({
    services,
    state,
    verbs: [...rowVerbs, ...nodeVerbs, ...toolVerbs, ...fileVerbs],
  });
  useShortcuts([...rowVerbs, ...nodeVerbs, ...toolVerbs, ...fileVerbs, ...general.all], services.perform);

  const only =
    selection.keys.size === 1 ? seen.find((row) => selection.keys.has(list?.keyOf(row) ?? '')) : undefined;
  const [nameColumn] = list?.columns ?? [];
  const itemName = nameColumn === undefined || only === undefined ? '' : cellText(nameColumn, only);
  const itemHeading = only === undefined ? `${numberText(selection.keys.size)} selected items` : itemName;
  const groups: readonly ActionGroup[] = [
    { heading: node.label, verbs: nodeVerbs },
    ...(rowVerbs.length > 0 ? [{ heading: itemHeading, verbs: rowVerbs }] : []),
  ];
  const menus: readonly TopMenu[] = [
    { label: 'File', verbs: fileVerbs },
    {
      label: 'Action',
      verbs: rowVerbs.length > 0 ? rowVerbs : nodeVerbs.filter(({ slot }) => slot !== 'view'),
    },
    { label: 'View', verbs: [...general.view, ...nodeVerbs.filter(({ slot }) => slot === 'view')] },
    ...(toolVerbs.length > 0 ? [{ label: 'Tools', verbs: toolVerbs }] : []),
    {
      label: 'Help',
      verbs: [...nodeVerbs.filter(({ slot }) => slot === 'help'), general.keys, ...helpVerbs],
    },
  ].filter(({ verbs }) => verbs.length > 0);
  const tools: readonly (readonly Verb[])[] = [
    general.navigation,
    nodeVerbs.filter(({ slot }) => slot === 'view'),
    rowVerbs,
    nodeVerbs.filter(({ slot }) => slot !== 'view' && slot !== 'help'),
    nodeVerbs.filter(({ slot }) => slot === 'help'),
  ];
  useEffect(() => onMenus?.(menus, services.perform));

  // A menu takes the focus when it opens with items: those of a row come with its selection, a moment later.
  const offered = menu?.onRow ? rowVerbs : nodeVerbs;
  const chosenAny = selection.keys.size > 0;
  const onRows = useCallback(
    (rows: readonly unknown[], shown: number) => {
      inHand.current = { rows, shown };
      if (chosenAny) tell({ path, rows });
    },
    [chosenAny, path],
  );
  // The tree tells of its selected node anew when this is another.
  const onTreeMenu = useCallback(
    (_: PlacedNode, at: { readonly x: number; readonly y: number }) => setMenu({ onRow: false, ...at }),
    [],
  );
  const onSelection = useCallback((next: ListSelection) => setChosen({ path, selection: next }), [path]);
  useEffect(() => {
    // The first list shows times at once when the rules for writing them are at hand.
    const idle = requestIdleCallback(loadFormats);
    return () => cancelIdleCallback(idle);
  }, []);
  useEffect(() => {
    document.title = `${node.label} - ${root.label}`;
  }, [node.label, root.label]);

  return (
    <ConsoleContext value={services}>
      <div className={styles.window}>
        <header>
          {onMenus === undefined ? <MenuBar menus={menus} /> : null}
          <Toolbar groups={tools} />
        </header>
        {band}
        <div className={styles.panes}>
          {state.treeShown ? (
            <>
              <nav
                aria-label="Console tree pane"
                className={mergeClasses(styles.side, styles.tree)}
                style={{ width: state.treeWidth }}
              >
                <ScopeTree root={root} onShow={setPlaced} onContextMenu={onTreeMenu} />
              </nav>
              <Splitter
                label="Width of the console tree"
                width={state.treeWidth}
                min={120}
                max={480}
                side="left"
                onResize={(treeWidth) => state.arrange({ treeWidth })}
                onCollapse={() => state.arrange({ treeShown: false })}
              />
            </>
          ) : null}
          <ResultPane
            placed={placed}
            selection={selection}
            onRows={onRows}
            onSelection={onSelection}
            onOpen={() => {
              const verb = defaultVerb(rowVerbs);
              if (verb !== undefined) services.perform(verb);
            }}
            onContextMenu={(at, onRow) => setMenu({ onRow, ...at })}
          />
          {state.actionsShown ? (
            <div className={styles.actions}>
              <Splitter
                label="Width of the actions pane"
                width={state.actionsWidth}
                min={140}
                max={400}
                side="right"
                onResize={(actionsWidth) => state.arrange({ actionsWidth })}
                onCollapse={() => state.arrange({ actionsShown: false })}
              />
              <aside aria-label="Actions pane" className={styles.side} style={{ width: state.actionsWidth }}>
                <ActionsPane groups={groups} />
              </aside>
            </div>
          ) : null}
        </div>
        {tasksShown ? (
          <Suspense>
            <TaskPane tasks={tasks} onClose={() => showTasks(false)} />
          </Suspense>
        ) : null}
        <footer className={styles.status}>
          <span role="status">
            {selection.keys.size > 1
              ? `${numberText(selection.keys.size)} of ${numberText(inHand.current.shown)} items selected`
              : node.label}
          </span>
          <span className={styles.end}>
            <TaskButton tasks={tasks} shown={tasksShown} onToggle={() => showTasks(!tasksShown)} />
            {status}
          </span>
        </footer>
      </div>
      {menu === undefined || offered.length === 0 ? null : (
        <VerbMenu verbs={offered} at={menu} onClose={() => setMenu(undefined)} />
      )}
      {surface}
    </ConsoleContext>
  );
}
