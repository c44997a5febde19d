import type { Column } from '#console/column.ts';
import type { SpaceRow } from '#shared/contract/space.ts';

import { linkWords, stateWords } from './space-words.ts';

/** Columns of connector-space objects. */
export const spaceColumns: readonly Column<SpaceRow>[] = [
  { id: 'dn', title: 'Distinguished name', width: 340, value: (row) => row.dn },
  { id: 'state', title: 'State', width: 130, value: (row) => stateWords[row.state] },
  { id: 'type', title: 'Object type', width: 90, value: (row) => row.objectType },
  { id: 'link', title: 'Joined by', width: 110, value: (row) => linkWords(row.link) },
  { id: 'pending', title: 'Pending import', width: 100, value: (row) => row.pending },
  { id: 'partition', title: 'Partition', width: 160, hidden: true, value: (row) => row.partition },
];
