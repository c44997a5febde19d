import type { ScopeNode } from './scope-node.ts';

const separator = '/';

/** A node as the tree shows it: with its place. */
export interface PlacedNode {
  readonly path: string;
  readonly level: number;
  readonly node: ScopeNode;
}

export function childPath(parent: string, child: string): string {
  return `${parent}${separator}${encodeURIComponent(child)}`;
}

export function parentPath(path: string): string | undefined {
  const end = path.lastIndexOf(separator);
  return end === -1 ? undefined : path.slice(0, end);
}
