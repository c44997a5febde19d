/** Which rows of a list are chosen, by key. `focus` is where the keyboard is, `anchor` where a range began. */
export interface ListSelection {
  readonly keys: ReadonlySet<string>;
  readonly focus: string | undefined;
  readonly anchor: string | undefined;
}

export const emptySelection: ListSelection = { keys: new Set(), focus: undefined, anchor: undefined };

/** How a row was reached, as Windows lists understand it. */
export type Gesture = 'only' | 'toggle' | 'extend' | 'focus';

export function gestureOf(event: {
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}): Gesture {
  if (event.shiftKey) return 'extend';
  return event.ctrlKey || event.metaKey ? 'toggle' : 'only';
}

export function reach(
  selection: ListSelection,
  order: readonly string[],
  key: string,
  gesture: Gesture,
): ListSelection {
  if (gesture === 'focus') return { ...selection, focus: key };
  if (gesture === 'toggle') {
    const keys = new Set(selection.keys);
    if (!keys.delete(key)) keys.add(key);
    return { keys, focus: key, anchor: key };
  }
  if (gesture === 'extend') {
    const anchor = selection.anchor ?? selection.focus ?? key;
    const from = order.indexOf(anchor);
    const to = order.indexOf(key);
    const range = order.slice(Math.max(0, Math.min(from, to)), Math.max(from, to) + 1);
    return { keys: new Set(range), focus: key, anchor };
  }
  return { keys: new Set([key]), focus: key, anchor: key };
}

export function selectAll(selection: ListSelection, order: readonly string[]): ListSelection {
  return { ...selection, keys: new Set(order) };
}

/** What is left of a selection after rows have gone; the focus moves to the row that took the place. */
export function keepPresent(
  selection: ListSelection,
  before: readonly string[],
  after: readonly string[],
): ListSelection {
  const present = new Set(after);
  const keys = new Set([...selection.keys].filter((key) => present.has(key)));
  const { focus } = selection;
  if (focus === undefined || present.has(focus)) {
    return keys.size === selection.keys.size ? selection : { ...selection, keys };
  }
  const at = before.indexOf(focus);
  const next = before.slice(at + 1).find((key) => present.has(key)) ?? after[Math.min(at, after.length - 1)];
  if (next === undefined) return emptySelection;
  return { keys: keys.size > 0 ? keys : new Set([next]), focus: next, anchor: next };
}
