import type { ComponentType } from 'react';

import type { IconName } from '#ui/icon-paths.ts';

import type { Column } from './column.ts';
import type { Verb } from './verb.ts';

export interface EmptyList {
  /** What is not there: `No management agents`. */
  readonly title: string;
  /** What to do first. */
  readonly hint: string;
  readonly action?: Verb;
}

/** The rows of a node, read and kept fresh by whatever the node knows. */
export interface ListData<Row> {
  /** The same array as long as nothing changed. */
  readonly rows: readonly Row[];
  /** How many rows there will be, while more are being read than `rows` holds. */
  readonly total?: number;
  /** How many there are, where `rows` never holds all. */
  readonly whole?: number;
  /** True until the first answer. */
  readonly loading: boolean;
  /** Why the rows could not be read, and what to do. */
  readonly problem?: { readonly message: string; readonly fix?: string };
}

/** A node's list. `Row` is opaque to the console. */
export interface NodeList<Row> {
  /** Accessible name, the node's own name where absent. */
  readonly label?: string;
  readonly columns: readonly Column<Row>[];
  readonly empty: EmptyList;
  /** Stands above the list: filters, charts. */
  readonly Header?: ComponentType;
  /** A React hook: called while the node is shown. */
  useRows(): ListData<Row>;
  keyOf(row: Row): string;
  iconOf?(row: Row): IconName;
  /** Verbs that are valid for all of the selected rows, at least one. */
  verbsOf?(rows: readonly Row[]): readonly Verb[];
}

/** One node of the scope tree. */
export interface ScopeNode {
  /** Unique among its siblings; the path of ids names the node in what is remembered. */
  readonly id: string;
  readonly label: string;
  readonly icon: IconName;
  /** Page of the guide that F1 opens. */
  readonly help: string;
  /** Short words about the node's state, shown behind the label. */
  useBadge?(): { readonly text: string; readonly tone: 'neutral' | 'warning' | 'danger' } | undefined;
  /** A React hook that gives the children; undefined where the node never has any. */
  useChildren?(): { readonly nodes: readonly ScopeNode[]; readonly loading: boolean };
  verbs?(): readonly Verb[];
  /** What the result pane shows: a list, or a page of its own. */
  readonly list?: NodeList<unknown>;
  readonly Page?: ComponentType;
}

/** A typed list as the console holds it: rows are opaque there, and only its own list ever meets them. */
export function opaqueList<Row>(list: NodeList<Row>): NodeList<unknown> {
  return list as unknown as NodeList<unknown>;
}
