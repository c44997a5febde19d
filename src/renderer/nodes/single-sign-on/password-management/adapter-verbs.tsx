import { propertiesVerb } from '#console/properties-verb.ts';
import type { Verb } from '#console/verb.ts';
import { writeSsoXml } from '#shared/text/write-sso-xml.ts';

import type { NodeServices } from '../../node-services.ts';
import { saveFile } from '../../snapshots/save-file.ts';
import { toolCommand } from '../definition/tool-command.ts';
import type { ManagedRow } from './use-managed-rows.ts';

type AdapterRow = Extract<ManagedRow, { kind: 'adapter' }>;

/** What can be done with one adapter or group adapter. */
export function adapterVerbs(row: AdapterRow, services: NodeServices): readonly Verb[] {
  const { session, openDialog, notify } = services;
  const { name, adapter, applications, members } = row;
  const isGroup = adapter.kind === 'group-adapter';
  const setEnabled = async (enabled: boolean): Promise<void> => {
    await session.client.call('sso.updateAdapters', { updates: [{ name, changes: { enabled } }] });
  };
  const assignApplications = async (): Promise<void> => {
    const [{ AssignDialog }, all] = await Promise.all([
      import('./AssignDialog.tsx'),
      session.client.call('sso.applications', {}),
    ]);
    openDialog((close) => (
      <AssignDialog
        title="Assign Applications"
        instruction={`Select the applications whose passwords "${name}" changes and reports.`}
        empty="There is no affiliate application."
        rows={all.map(({ name: application, adapter: other, directPasswordSync }) => ({
          name: application,
          assigned: other?.toLowerCase() === name.toLowerCase(),
          ...(other !== undefined && other.toLowerCase() !== name.toLowerCase()
            ? { note: `assigned to ${other}`, disabled: true }
            : directPasswordSync
              ? { note: 'has Direct Password Sync', disabled: true }
              : {}),
        }))}
        commandOf={(application, on) =>
          on
            ? toolCommand('ssops', '-addapp', name, application)
            : toolCommand('ssops', '-deleteapp', application)
        }
        assign={async (application, on) => {
          if (on) await session.client.call('sso.assignApplication', { application, adapter: name });
          else await session.client.call('sso.unassignApplication', { application });
        }}
        onClose={close}
      />
    ));
  };
  const assignGroup = async (): Promise<void> => {
    const [{ AssignDialog }, all] = await Promise.all([
      import('./AssignDialog.tsx'),
      session.client.call('sso.adapters', {}),
    ]);
    const wanted = all.filter((each) => (each.adapter.kind === 'group-adapter') !== isGroup);
    const pairOf = (other: string) =>
      isGroup ? { adapter: other, group: name } : { adapter: name, group: other };
    openDialog((close) => (
      <AssignDialog
        title={isGroup ? 'Adapters in Group' : 'Adapter Group'}
        instruction={
          isGroup
            ? `Select the adapters that "${name}" serves. They run on ${adapter.computer}.`
            : `Select the group adapter that serves "${name}". An adapter is in one group.`
        }
        empty={isGroup ? 'There is no adapter.' : 'There is no group adapter.'}
        rows={wanted.map(({ adapter: other }) => {
          const assigned = isGroup
            ? other.group?.toLowerCase() === name.toLowerCase()
            : adapter.group?.toLowerCase() === other.name.toLowerCase();
          const elsewhere = other.computer.toLowerCase() !== adapter.computer.toLowerCase();
          const taken = isGroup && other.group !== undefined && !assigned;
          if (taken)
            return { name: other.name, assigned, note: `in the group of ${other.group}`, disabled: true };
          return elsewhere && !assigned
            ? { name: other.name, assigned, note: `on ${other.computer}`, disabled: true }
            : { name: other.name, assigned };
        })}
        commandOf={(other, on) => {
          const pair = pairOf(other);
          return toolCommand('ssops', on ? '-addtogroup' : '-deletefromgroup', pair.adapter, pair.group);
        }}
        assign={async (other, on) => {
          await session.client.call(on ? 'sso.addToGroup' : 'sso.removeFromGroup', pairOf(other));
        }}
        onClose={close}
      />
    ));
  };
  return [
    {
      id: 'sso.adapter.enable',
      label: 'Enable',
      slot: 'top',
      accessKey: 'e',
      ...(adapter.enabled && { disabled: 'It is enabled' }),
      run: () => setEnabled(true),
    },
    {
      id: 'sso.adapter.disable',
      label: 'Disable...',
      slot: 'top',
      accessKey: 'd',
      ...(!adapter.enabled && { disabled: 'It is disabled' }),
      confirm: {
        title: 'Disable',
        question: `Are you sure you want to disable the adapter "${name}"?`,
        effect: 'It is cut off, and changes no passwords until it is enabled again.',
        answer: 'Disable',
      },
      run: () => setEnabled(false),
    },
    ...(isGroup
      ? []
      : ([
          {
            id: 'sso.adapter.applications',
            label: 'Assign Applications...',
            slot: 'tasks',
            accessKey: 'a',
            run: assignApplications,
          },
        ] satisfies readonly Verb[])),
    {
      id: 'sso.adapter.group',
      label: isGroup ? 'Adapters in Group...' : 'Adapter Group...',
      slot: 'tasks',
      accessKey: 'g',
      run: assignGroup,
    },
    {
      id: 'sso.adapter.reset',
      label: 'Reset Notification...',
      slot: 'tasks',
      accessKey: 'r',
      confirm: {
        title: 'Reset Notification',
        question: `Are you sure you want to empty the notification queue of "${name}"?`,
        effect:
          'The passwords that wait for it are erased permanently. The persons concerned have to change their password again.',
        answer: 'Reset',
      },
      run: async () => {
        const { dropped } = await session.client.call('adapters.reset', { adapter: name });
        notify({ tone: 'information', title: `${dropped} notifications were dropped` });
      },
    },
    {
      id: 'sso.adapter.export',
      label: 'Export Definition',
      slot: 'tasks',
      accessKey: 'x',
      run: () => saveFile(`${name}.xml`, writeSsoXml({ adapters: [adapter] }), 'application/xml'),
    },
    {
      id: 'sso.adapter.delete',
      label: 'Delete',
      slot: 'edit',
      accessKey: 't',
      shortcut: 'Delete',
      ...(applications.length > 0 && { disabled: 'Take its applications away first' }),
      ...((adapter.group !== undefined || members.length > 0) && {
        disabled: 'Take it out of its group first',
      }),
      confirm: {
        title: 'Delete',
        question: `Are you sure you want to delete the adapter "${name}"?`,
        effect: 'Its definition is deleted permanently, and it can connect no more.',
        answer: 'Delete',
      },
      run: async () => {
        await session.client.call('sso.deleteAdapter', { name });
      },
    },
    propertiesVerb({
      id: 'sso.adapter.properties',
      run: async () => {
        const [{ AdapterSheet }, all] = await Promise.all([
          import('./AdapterSheet.tsx'),
          session.client.call('sso.adapters', {}),
        ]);
        const fresh = all.find((each) => each.adapter.name === name)?.adapter ?? adapter;
        openDialog((close) => <AdapterSheet adapter={fresh} onClose={close} />);
      },
    }),
  ];
}
