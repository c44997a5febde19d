import type { PendingImport, SpaceObject } from '#identity/connector-space.ts';
import type { Attributes } from '#identity/import-source.ts';
import type { ConnectorId, PersonId } from '#shared/model/change.ts';

import type { SpaceRegistry } from './space-registry.ts';

/** What is read of a connector: the columns of `ConnectorRow`. */
export const connectorColumns =
  'id, space, partition, anchor, dn, object_type AS objectType, state, person, link, pending, attributes';

export interface ConnectorRow {
  readonly id: ConnectorId;
  readonly space: number;
  readonly partition: number;
  readonly anchor: string;
  readonly dn: string;
  readonly objectType: string;
  readonly state: SpaceObject['state'];
  readonly person: PersonId | null;
  readonly link: SpaceObject['link'] | null;
  readonly pending: PendingImport | null;
  readonly attributes: string;
}

export function toSpaceObject(row: ConnectorRow, registry: SpaceRegistry): SpaceObject {
  return {
    id: row.id,
    agent: registry.agentOf(row.space),
    partition: registry.partition(row.partition).dn,
    anchor: row.anchor,
    dn: row.dn,
    objectType: row.objectType,
    state: row.state,
    person: row.person ?? undefined,
    link: row.link ?? undefined,
    pending: row.pending ?? undefined,
    attributes: JSON.parse(row.attributes) as Attributes,
  };
}
