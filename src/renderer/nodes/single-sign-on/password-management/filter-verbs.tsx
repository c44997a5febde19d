import { propertiesVerb } from '#console/properties-verb.ts';
import type { Verb } from '#console/verb.ts';

import type { NodeServices } from '../../node-services.ts';
import { toolCommand } from '../definition/tool-command.ts';
import type { ManagedRow } from './use-managed-rows.ts';

type FilterRow = Extract<ManagedRow, { kind: 'filter' }>;

/** What can be done with one password filter. */
export function filterVerbs(row: FilterRow, { session, openDialog }: NodeServices): readonly Verb[] {
  const { name, filter, applications } = row;
  return [
    {
      id: 'sso.filter.assign',
      label: 'Assign...',
      slot: 'top',
      accessKey: 'a',
      run: async () => {
        const [{ AssignDialog }, all] = await Promise.all([
          import('./AssignDialog.tsx'),
          session.client.call('sso.applications', {}),
        ]);
        openDialog((close) => (
          <AssignDialog
            title="Assign"
            instruction={`Select the applications whose passwords "${name}" makes fit.`}
            empty="There is no affiliate application."
            rows={all.map(({ name: application, passwordFilter }) => {
              const assigned = passwordFilter?.toLowerCase() === name.toLowerCase();
              return passwordFilter === undefined || assigned
                ? { name: application, assigned }
                : { name: application, assigned, note: `takes the place of ${passwordFilter}` };
            })}
            commandOf={(application, on) =>
              toolCommand('ssomanage', '-assignfilter', application, ...(on ? [name] : []))
            }
            assign={async (application, on) => {
              await session.client.call('sso.assignFilter', { application, ...(on ? { filter: name } : {}) });
            }}
            onClose={close}
          />
        ));
      },
    },
    {
      id: 'sso.filter.delete',
      label: 'Delete',
      slot: 'edit',
      accessKey: 'd',
      shortcut: 'Delete',
      ...(applications.length > 0 && { disabled: 'Take it from its applications first' }),
      confirm: {
        title: 'Delete',
        question: `Are you sure you want to delete the password filter "${name}"?`,
        effect: 'Its rules are deleted permanently.',
        answer: 'Delete',
      },
      run: async () => {
        await session.client.call('sso.deleteFilter', { name });
      },
    },
    propertiesVerb({
      id: 'sso.filter.properties',
      run: async () => {
        const [{ FilterSheet }, all] = await Promise.all([
          import('./FilterSheet.tsx'),
          session.client.call('sso.filters', {}),
        ]);
        const fresh = all.find((each) => each.name === name) ?? filter;
        openDialog((close) => <FilterSheet filter={fresh} onClose={close} />);
      },
    }),
  ];
}
