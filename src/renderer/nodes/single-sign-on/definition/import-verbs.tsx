import type { Verb } from '#console/verb.ts';
import type { DefinitionKind } from '#shared/contract/sso-bulk.ts';

import type { NodeServices } from '../../node-services.ts';
import { pickFile } from '../../snapshots/pick-file.ts';

/** Import: the files of ssomanage and ssops, which make definitions or change them. */
export function importVerbs(kind: DefinitionKind, { session, openDialog }: NodeServices): readonly Verb[] {
  return [
    {
      id: `sso.${kind}.import`,
      label: kind === 'applications' ? 'Import Applications...' : 'Import Adapters...',
      slot: 'tasks',
      accessKey: 'i',
      run: async () => {
        const file = await pickFile('.xml,application/xml,text/xml');
        if (file === undefined) return;
        const [{ ImportDialog }, { definitions }, known] = await Promise.all([
          import('./ImportDialog.tsx'),
          session.client.call('sso.readDefinitionFile', { kind, file: file.name, text: file.text }),
          kind === 'applications'
            ? session.client.call('sso.applications', {}).then((all) => all.map(({ name }) => name))
            : session.client.call('sso.adapters', {}).then((all) => all.map(({ adapter }) => adapter.name)),
        ]);
        openDialog((close) => (
          <ImportDialog
            kind={kind}
            file={file.name}
            definitions={definitions}
            known={known}
            onClose={close}
          />
        ));
      },
    },
  ];
}
