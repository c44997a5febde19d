import type { Verb } from '#console/verb.ts';
import type { SsoMapping } from '#shared/contract/sso-mapping.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';
import { writeMappingXml } from '#shared/text/write-mapping-xml.ts';

import type { NodeServices } from '../../node-services.ts';
import { saveFile } from '../../snapshots/save-file.ts';

/** More than this is worked off in the background, with progress. */
const atOnce = 20;
/** As many as one call deletes. */
const deletedAtOnce = 1000;

/** What can be done with selected mappings of an application. */
export function mappingVerbs(
  rows: readonly SsoMapping[],
  application: SsoApplication,
  { session, openDialog, startTask }: NodeServices,
): readonly Verb[] {
  const [first, ...others] = rows;
  if (first === undefined) return [];
  const isOne = others.length === 0;
  const subject = isOne
    ? `the mapping of "${first.windowsAccount}" to "${first.externalUser}"`
    : `${rows.length} mappings`;
  const enabled = rows.filter((row) => row.enabled).length;
  const switchAll = async (on: boolean): Promise<void> => {
    const chosen = rows.filter((row) => row.enabled !== on);
    const switchOne = async (row: SsoMapping): Promise<void> => {
      await session.client.call('sso.setMappingEnabled', { mapping: referenceOf(row), enabled: on });
    };
    if (chosen.length <= atOnce) {
      for (const row of chosen) await switchOne(row);
      return;
    }
    startTask({
      title: `${on ? 'Enable' : 'Disable'} ${chosen.length} mappings of ${application.name}`,
      work: async (report, signal) => {
        for (const [index, row] of chosen.entries()) {
          signal.throwIfAborted();
          report(row.windowsAccount, index / chosen.length);
          await switchOne(row);
        }
        return `${chosen.length} mappings are ${on ? 'enabled' : 'disabled'}`;
      },
    });
  };
  return [
    {
      id: 'sso.mapping.credentials',
      label: 'Set Credentials...',
      slot: 'top',
      accessKey: 's',
      isDefault: true,
      ...(!isOne && { disabled: 'Select one mapping' }),
      run: async () => {
        const { SetCredentialsDialog } = await import('./SetCredentialsDialog.tsx');
        openDialog((close) => (
          <SetCredentialsDialog application={application} mapping={first} onClose={close} />
        ));
      },
    },
    {
      id: 'sso.mapping.enable',
      label: 'Enable',
      slot: 'top',
      accessKey: 'e',
      ...(enabled === rows.length && { disabled: 'It is enabled' }),
      run: () => switchAll(true),
    },
    {
      id: 'sso.mapping.disable',
      label: 'Disable',
      slot: 'top',
      accessKey: 'i',
      ...(enabled === 0 && { disabled: 'It is disabled' }),
      run: () => switchAll(false),
    },
    {
      id: 'sso.mapping.export',
      label: 'Export Mappings File',
      slot: 'tasks',
      accessKey: 'x',
      run: () =>
        saveFile(
          `${application.name}-mappings.xml`,
          writeMappingXml(application.name, rows),
          'application/xml',
        ),
    },
    {
      id: 'sso.mapping.delete',
      label: 'Delete',
      slot: 'edit',
      accessKey: 'd',
      shortcut: 'Delete',
      ...(enabled > 0 && { disabled: 'Disable it first: a mapping is deleted only while it is disabled' }),
      confirm: {
        title: 'Delete',
        question: `Are you sure you want to delete ${subject}?`,
        effect: 'The credentials are deleted with it permanently.',
        answer: 'Delete',
      },
      run: async () => {
        for (let at = 0; at < rows.length; at += deletedAtOnce)
          await session.client.call('sso.deleteMappings', {
            mappings: rows.slice(at, at + deletedAtOnce).map(referenceOf),
          });
      },
    },
  ];
}

function referenceOf({ application, windowsAccount, externalUser }: SsoMapping) {
  return { application, windowsAccount, externalUser };
}
