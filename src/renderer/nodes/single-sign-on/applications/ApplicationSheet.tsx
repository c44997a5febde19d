import { type SsoApplication, ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { writeSsoXml } from '#shared/text/write-sso-xml.ts';
import { useSession } from '#state/session-context.ts';
import type { DefinitionDraft } from '#state/use-definition-draft.ts';

import type { DraftPage } from '../../configuration/ConfigurationSheet.tsx';
import { DefinitionSheet } from '../definition/DefinitionSheet.tsx';
import { commandWithFile, toolCommand } from '../definition/tool-command.ts';
import { AccountsPage } from './AccountsPage.tsx';
import { FieldsPage } from './FieldsPage.tsx';
import { GeneralPage } from './GeneralPage.tsx';
import { OptionsPage } from './OptionsPage.tsx';

export interface ApplicationSheetProps {
  readonly application: SsoApplication;
  onClose(): void;
}

/** Properties of an affiliate application: General, Options, Fields, Accounts. */
export function ApplicationSheet({ application, onClose }: ApplicationSheetProps) {
  const session = useSession();
  const { name } = application;
  const pages = (draft: DefinitionDraft<SsoApplication>): readonly DraftPage[] => {
    const edit = { ...draft, made: true };
    return [
      {
        id: 'general',
        title: 'General',
        fields: ['description', 'contact'],
        content: <GeneralPage {...edit} />,
      },
      { id: 'options', title: 'Options', fields: ['ticketTimeout'], content: <OptionsPage {...edit} /> },
      {
        id: 'fields',
        title: 'Fields',
        fields: ['fields'],
        content: <FieldsPage {...edit} fixed={application.fields.length} />,
      },
      {
        id: 'accounts',
        title: 'Accounts',
        fields: ['administrators', 'users', 'windowsAccount'],
        content: <AccountsPage {...edit} />,
      },
    ];
  };
  return (
    <DefinitionSheet<SsoApplication>
      title={`${name} Properties`}
      help="affiliate-applications"
      source={{
        initial: application,
        schema: ssoApplicationSchema,
        read: () => session.client.call('sso.application', { name }),
        save: async (changes, seen) => {
          await session.client.call('sso.updateApplications', { updates: [{ name, changes, seen }] });
        },
      }}
      pages={pages}
      command={({ changes }) => updateCommand(name, changes)}
      onClose={onClose}
    />
  );
}

function updateCommand(name: string, changes: Readonly<Record<string, unknown>>): string {
  const { enabled, ...others } = changes;
  if (typeof enabled === 'boolean' && Object.keys(others).length === 0)
    return toolCommand('ssomanage', enabled ? '-enableapp' : '-disableapp', name);
  const text = writeSsoXml({ applications: [{ ...changes, name }] });
  return commandWithFile('ssomanage', '-updateapps', `${name}.xml`, text);
}
