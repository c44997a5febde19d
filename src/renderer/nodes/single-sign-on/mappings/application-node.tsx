import type { Column } from '#console/column.ts';
import { opaqueList, type ScopeNode } from '#console/scope-node.ts';
import type { SsoMapping } from '#shared/contract/sso-mapping.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';

import type { NodeServices } from '../../node-services.ts';
import { exportVerb } from '../../snapshots/export-verb.ts';
import { applicationVerbs } from '../applications/application-verbs.tsx';
import { mappingVerbs } from './mapping-verbs.tsx';
import { useMappings } from './use-mappings.ts';

function stateWords({ enabled, disabledByAdministrator }: SsoMapping): string {
  if (enabled) return 'Enabled';
  return disabledByAdministrator ? 'Disabled by administrator' : 'Disabled';
}

const columns: readonly Column<SsoMapping>[] = [
  { id: 'windows', title: 'Windows account', width: 230, value: (row) => row.windowsAccount },
  { id: 'external', title: 'External user', width: 230, value: (row) => row.externalUser },
  { id: 'state', title: 'State', width: 170, value: stateWords },
];

/** One application: its mappings. */
export function applicationNode(application: SsoApplication, services: NodeServices): ScopeNode {
  const { name, enabled, type } = application;
  return {
    id: `application-${name.toLowerCase()}`,
    label: name,
    icon: enabled ? 'application' : 'stopped',
    help: 'mappings',
    verbs: () => [
      ...applicationVerbs([application], services),
      exportVerb(services, [`applications/${name}`], 'h'),
    ],
    list: opaqueList<SsoMapping>({
      label: `Mappings of ${name}`,
      columns,
      empty: {
        title: 'No mappings',
        hint:
          type === 'individual'
            ? 'Create Mappings makes one for each user of a group.'
            : 'New Mapping makes one.',
      },
      useRows: () => useMappings(services.session, name),
      keyOf: (row) => String(row.id),
      iconOf: (row) => (row.enabled ? 'person' : 'stopped'),
      verbsOf: (rows) => mappingVerbs(rows, application, services),
    }),
  };
}
