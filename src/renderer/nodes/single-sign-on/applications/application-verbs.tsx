import { propertiesVerb } from '#console/properties-verb.ts';
import type { Verb } from '#console/verb.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';
import { writeSsoXml } from '#shared/text/write-sso-xml.ts';

import type { NodeServices } from '../../node-services.ts';
import { saveFile } from '../../snapshots/save-file.ts';

/** What can be done with selected applications. */
export function applicationVerbs(
  applications: readonly SsoApplication[],
  { session, openDialog }: NodeServices,
): readonly Verb[] {
  const [first, ...others] = applications;
  if (first === undefined) return [];
  const isOne = others.length === 0;
  const subject = isOne ? `the application "${first.name}"` : `${applications.length} applications`;
  const enabled = applications.filter((application) => application.enabled).length;
  const switchAll = async (on: boolean): Promise<void> => {
    const updates = applications.map(({ name }) => ({ name, changes: { enabled: on } }));
    await session.client.call('sso.updateApplications', { updates });
  };
  return [
    {
      id: 'sso.application.enable',
      label: 'Enable',
      slot: 'top',
      accessKey: 'e',
      ...(enabled === applications.length && { disabled: 'It is enabled' }),
      run: () => switchAll(true),
    },
    {
      id: 'sso.application.disable',
      label: 'Disable...',
      slot: 'top',
      accessKey: 'd',
      ...(enabled === 0 && { disabled: 'It is disabled' }),
      confirm: {
        title: 'Disable',
        question: `Are you sure you want to disable ${subject}?`,
        effect:
          'Nobody gets credentials of it, and no password of it is synchronized, until it is enabled again.',
        answer: 'Disable',
      },
      run: () => switchAll(false),
    },
    {
      id: 'sso.application.clear',
      label: 'Clear',
      slot: 'top',
      accessKey: 'l',
      run: async () => {
        for (const { name } of applications) await session.client.call('sso.clearCache', { name });
      },
    },
    ...(isOne
      ? ([
          {
            id: 'sso.mapping.new',
            label: 'New Mapping...',
            slot: 'new',
            accessKey: 'm',
            run: async () => {
              const { NewMappingDialog } = await import('../mappings/NewMappingDialog.tsx');
              openDialog((close) => <NewMappingDialog application={first} onClose={close} />);
            },
          },
          {
            id: 'sso.mapping.wizard',
            label: 'Create Mappings...',
            slot: 'new',
            accessKey: 'c',
            ...(first.type !== 'individual' && {
              disabled: 'Only an Individual application has a mapping for each of its users',
            }),
            run: async () => {
              const { MappingWizard } = await import('../mappings/MappingWizard.tsx');
              openDialog((close) => <MappingWizard application={first} onClose={close} />);
            },
          },
        ] satisfies readonly Verb[])
      : []),
    {
      id: 'sso.application.export',
      label: 'Export Definition',
      slot: 'tasks',
      accessKey: 'x',
      run: () =>
        saveFile(
          isOne ? `${first.name}.xml` : 'applications.xml',
          writeSsoXml({ applications }),
          'application/xml',
        ),
    },
    {
      id: 'sso.application.delete',
      label: 'Delete',
      slot: 'edit',
      accessKey: 't',
      shortcut: 'Delete',
      confirm: {
        title: 'Delete',
        question: `Are you sure you want to delete ${subject}?`,
        effect: 'Its mappings and their credentials are deleted with it permanently.',
        answer: 'Delete',
      },
      run: async () => {
        const names = applications.map(({ name }) => name);
        await session.client.call('sso.deleteApplications', { names });
      },
    },
    ...(isOne
      ? ([
          propertiesVerb({
            id: 'sso.application.properties',
            run: async () => {
              const [{ ApplicationSheet }, application] = await Promise.all([
                import('./ApplicationSheet.tsx'),
                session.client.call('sso.application', { name: first.name }),
              ]);
              openDialog((close) => <ApplicationSheet application={application} onClose={close} />);
            },
          }),
        ] satisfies readonly Verb[])
      : []),
  ];
}
