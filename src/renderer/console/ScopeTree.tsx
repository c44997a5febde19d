import { makeStyles, mergeClasses, Spinner, tokens } from '@fluentui/react-components';
import { createContext, type KeyboardEvent, useContext, useEffect, useMemo, useRef, useState } from 'react';

import { Icon } from '#ui/Icon.tsx';

import { useConsole, useConsoleState } from './console-context.ts';
import { childPath, type PlacedNode, parentPath } from './node-path.ts';
import type { ScopeNode } from './scope-node.ts';
import { useTypeAhead } from './use-type-ahead.ts';
import { defaultVerb } from './verb.ts';

const indent = 16;

const useStyles = makeStyles({
  tree: { overflow: 'auto', flexGrow: 1, padding: '4px 0', outline: 'none' },
  row: {
    display: 'flex',
    alignItems: 'center',
    gap: '6px',
    height: '24px',
    paddingRight: '8px',
    cursor: 'default',
    whiteSpace: 'nowrap',
    userSelect: 'none',
    outline: 'none',
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    ':focus-visible': { outline: `1px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
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
  expander: { width: '16px', height: '24px', display: 'grid', placeItems: 'center', flexShrink: 0 },
  open: { transform: 'rotate(90deg)' },
  label: { overflow: 'hidden', textOverflow: 'ellipsis' },
  badge: {
    marginLeft: 'auto',
    padding: '0 6px',
    borderRadius: '8px',
    fontSize: tokens.fontSizeBase100,
    lineHeight: '16px',
    backgroundColor: tokens.colorNeutralBackground5,
  },
  warning: {
    backgroundColor: tokens.colorPaletteYellowBackground2,
    color: tokens.colorPaletteYellowForeground2,
  },
  danger: { backgroundColor: tokens.colorPaletteRedBackground2, color: tokens.colorPaletteRedForeground2 },
});

export interface ScopeTreeProps {
  readonly root: ScopeNode;
  /** The selected node is drawn: at the start, after a click, and when its parent brings it. */
  onShow(placed: PlacedNode): void;
  onContextMenu(placed: PlacedNode, at: { readonly x: number; readonly y: number }): void;
}

interface TreeServices {
  readonly menu: ScopeTreeProps['onContextMenu'];
  readonly show: ScopeTreeProps['onShow'];
  /** Nodes that are drawn now, by path: what keys move over. */
  readonly drawn: Map<string, PlacedNode>;
}

const TreeContext = createContext<TreeServices | undefined>(undefined);

/** The console tree: one Tab stop, lazy children, the keys of the Windows tree and of the ARIA tree pattern. */
export function ScopeTree({ root, onShow, onContextMenu }: ScopeTreeProps) {
  const styles = useStyles();
  const { store, perform } = useConsole();
  const tree = useRef<HTMLDivElement>(null);
  const [drawn] = useState(() => new Map<string, PlacedNode>());
  const services = useMemo(
    () => ({ menu: onContextMenu, show: onShow, drawn }),
    [onContextMenu, onShow, drawn],
  );
  const typeAhead = useTypeAhead();

  const visible = (): HTMLElement[] => [
    ...(tree.current?.querySelectorAll<HTMLElement>('[data-path]') ?? []),
  ];
  const go = (element: HTMLElement | undefined): void => {
    if (element?.dataset['path'] === undefined) return;
    store.getState().select(element.dataset['path']);
    element.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const rows = visible();
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const row = rows[at];
    const path = row?.dataset['path'];
    if (row === undefined || path === undefined) return;
    const expanded = row.getAttribute('aria-expanded');
    const { toggle } = store.getState();
    const parent = () => go(rows.find((other) => other.dataset['path'] === parentPath(path)));
    const open = (): void => {
      for (const other of rows) {
        const below = other.dataset['path'];
        if (below !== undefined && isOnWay(path, below)) toggle(below, true);
      }
    };
    const run = (): void => {
      const verb = defaultVerb(drawn.get(path)?.node.verbs?.() ?? []);
      if (verb !== undefined) perform(verb);
      else if (expanded !== null) toggle(path);
    };
    const keys = new Map<string, () => void>([
      ['ArrowDown', () => go(rows[at + 1])],
      ['ArrowUp', () => go(rows[at - 1])],
      ['Home', () => go(rows[0])],
      ['End', () => go(rows.at(-1))],
      ['ArrowRight', () => (expanded === 'false' ? toggle(path, true) : expanded && go(rows[at + 1]))],
      ['ArrowLeft', () => (expanded === 'true' ? toggle(path, false) : parent())],
      ['Backspace', parent],
      ['+', () => toggle(path, true)],
      ['-', () => toggle(path, false)],
      ['*', open],
      ['Enter', run],
    ]);
    const act = keys.get(event.key);
    if (act !== undefined) {
      event.preventDefault();
      act();
    } else if (event.key.length === 1 && (event.key !== ' ' || typeAhead.isTyping())) {
      go(typeAhead.find(event.key, rows, at, (other) => other.textContent ?? ''));
    }
  };

  return (
    <TreeContext value={services}>
      <div ref={tree} role="tree" aria-label="Console tree" className={styles.tree} onKeyDown={onKeyDown}>
        <Branch node={root} path={root.id} level={1} position={1} size={1} />
      </div>
    </TreeContext>
  );
}

interface BranchProps {
  readonly node: ScopeNode;
  readonly path: string;
  readonly level: number;
  readonly position: number;
  readonly size: number;
}

function Branch(props: BranchProps) {
  const { node, path, level, position, size } = props;
  const styles = useStyles();
  const tree = useContext(TreeContext);
  const { store, perform } = useConsole();
  const expanded = useConsoleState((state) => state.expanded.includes(path));
  const selected = useConsoleState((state) => state.selected === path);
  // A window that begins at a node leaves out what lies above it.
  const above = useConsoleState((state) => state.root !== path && state.root.startsWith(`${path}/`));
  const badge = node.useBadge?.();
  const parent = node.useChildren !== undefined;
  const placed = useMemo(() => ({ path, level, node }), [path, level, node]);

  useEffect(() => {
    tree?.drawn.set(path, placed);
    return () => {
      tree?.drawn.delete(path);
    };
  }, [tree, path, placed]);

  useEffect(() => {
    if (selected) tree?.show(placed);
  }, [tree, selected, placed]);

  const run = (): void => {
    const verb = defaultVerb(node.verbs?.() ?? []);
    if (verb !== undefined) perform(verb);
    else if (parent) store.getState().toggle(path);
  };

  if (above) return <Children node={node} path={path} level={level} />;
  return (
    <>
      <div
        role="treeitem"
        aria-level={level}
        aria-posinset={position}
        aria-setsize={size}
        aria-selected={selected}
        aria-expanded={parent ? expanded : undefined}
        aria-label={badge === undefined ? node.label : `${node.label}, ${badge.text}`}
        data-path={path}
        tabIndex={selected ? 0 : -1}
        title={node.label}
        className={mergeClasses(styles.row, selected && styles.selected)}
        style={{ paddingLeft: 4 + (level - 1) * indent }}
        onClick={(event) => {
          if (isExpander(event.target)) return store.getState().toggle(path);
          store.getState().select(path);
          event.currentTarget.focus();
        }}
        onDoubleClick={(event) => (isExpander(event.target) ? undefined : run())}
        onContextMenu={(event) => {
          event.preventDefault();
          const box = event.currentTarget.getBoundingClientRect();
          const keyboard = event.button !== 2;
          store.getState().select(path);
          tree?.menu(
            placed,
            keyboard ? { x: box.left + 24, y: box.bottom } : { x: event.clientX, y: event.clientY },
          );
        }}
      >
        <span className={mergeClasses(styles.expander, expanded && styles.open)} data-expander>
          {parent ? <Icon name="chevron" /> : null}
        </span>
        <Icon name={node.icon} />
        <span className={styles.label}>{node.label}</span>
        {badge === undefined ? null : (
          <span
            className={mergeClasses(
              styles.badge,
              badge.tone === 'warning' && styles.warning,
              badge.tone === 'danger' && styles.danger,
            )}
          >
            {badge.text}
          </span>
        )}
      </div>
      {parent && expanded ? <Children node={node} path={path} level={level + 1} /> : null}
    </>
  );
}

function isOnWay(path: string, to: string): boolean {
  return path === to || to.startsWith(`${path}/`);
}

/** Rows carry the handlers, so that a tree of thousands has one listener a row and the expander none. */
function isExpander(target: EventTarget): boolean {
  return target instanceof Element && target.closest('[data-expander] svg') !== null;
}

function Children({ node, path, level }: Pick<BranchProps, 'node' | 'path' | 'level'>) {
  const { nodes: all, loading } = node.useChildren?.() ?? { nodes: [], loading: false };
  const root = useConsoleState((state) => state.root);
  const nodes = root.startsWith(`${path}/`)
    ? all.filter(({ id }) => isOnWay(childPath(path, id), root))
    : all;
  if (loading) return <Spinner size="extra-tiny" label="Loading..." labelPosition="after" />;
  return (
    <>
      {nodes.map((child, index) => (
        <Branch
          key={child.id}
          node={child}
          path={childPath(path, child.id)}
          level={level}
          position={index + 1}
          size={nodes.length}
        />
      ))}
    </>
  );
}
