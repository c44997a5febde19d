import { type SsoAdapter, ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { writeSsoXml } from '#shared/text/write-sso-xml.ts';
import { useSession } from '#state/session-context.ts';
import type { DefinitionDraft } from '#state/use-definition-draft.ts';
import { useReading } from '#state/use-reading.ts';
import { FactList } from '#ui/FactList.tsx';

import { DefinitionSheet } from '../definition/DefinitionSheet.tsx';
import { commandWithFile, toolCommand } from '../definition/tool-command.ts';
import { AdapterAccountsPage } from './AdapterAccountsPage.tsx';
import { AdapterCustomPage } from './AdapterCustomPage.tsx';
import { AdapterGeneralPage } from './AdapterGeneralPage.tsx';
import { AdapterOptionsPage } from './AdapterOptionsPage.tsx';
import { AdapterSystemPage } from './AdapterSystemPage.tsx';
import { adapterStateWords } from './adapter-words.ts';

export interface AdapterSheetProps {
  readonly adapter: SsoAdapter;
  onClose(): void;
}

/** Properties of a password sync adapter: General, Accounts, Options, Properties, System, Custom. */
export function AdapterSheet({ adapter, onClose }: AdapterSheetProps) {
  const session = useSession();
  const { name } = adapter;
  const read = async (): Promise<SsoAdapter> => {
    const found = (await session.client.call('sso.adapters', {})).find((row) => row.adapter.name === name);
    if (found === undefined) throw new Error(`The adapter "${name}" was deleted meanwhile`);
    return found.adapter;
  };
  return (
    <DefinitionSheet<SsoAdapter>
      title={`${name} Properties`}
      help="password-management"
      source={{
        initial: adapter,
        schema: ssoAdapterSchema,
        read,
        save: async (changes, seen) => {
          await session.client.call('sso.updateAdapters', { updates: [{ name, changes, seen }] });
        },
      }}
      pages={(draft) => {
        const edit = { ...draft, made: true };
        return [
          {
            id: 'general',
            title: 'General',
            fields: ['description', 'computer'],
            content: <AdapterGeneralPage {...edit} />,
          },
          {
            id: 'accounts',
            title: 'Accounts',
            fields: ['administrators', 'users'],
            content: <AdapterAccountsPage {...edit} />,
          },
          { id: 'options', title: 'Options', fields: [], content: <AdapterOptionsPage {...edit} /> },
          { id: 'properties', title: 'Properties', fields: [], content: <StatePage name={name} /> },
          {
            id: 'system',
            title: 'System',
            fields: ['retryCount', 'retryDelay', 'maxPending'],
            content: <AdapterSystemPage {...edit} />,
          },
          {
            id: 'custom',
            title: 'Custom',
            fields: ['properties'],
            content: <AdapterCustomPage {...edit} />,
          },
        ];
      }}
      command={commandOf}
      onClose={onClose}
    />
  );
}

/** What is assigned to it, and how it stands now. */
function StatePage({ name }: { readonly name: string }) {
  const { value: all } = useReading('sso.adapters', {}, ['sso.changed']);
  const { value: board } = useReading('adapters.state', {}, ['sso.changed']);
  const row = all?.find(({ adapter }) => adapter.name === name);
  const state = board?.adapters.find((each) => each.name === name);
  const moment = (at: number | undefined): string | undefined =>
    at === undefined ? undefined : new Date(at).toLocaleString();
  return (
    <FactList
      facts={[
        { term: 'State:', value: state === undefined ? 'Asking...' : adapterStateWords(state) },
        { term: 'Software:', value: state?.software },
        { term: 'Connected since:', value: moment(state?.connectedAt) },
        { term: 'Last heard:', value: moment(state?.heardAt) },
        { term: 'Waiting notifications:', value: String(state?.waiting ?? '') },
        { term: 'Unconfirmed notifications:', value: String(state?.unconfirmed ?? '') },
        {
          term: 'Applications for this adapter:',
          value: row && (row.applications.join(', ') || 'None'),
        },
        { term: 'Adapter group:', value: row?.adapter.group },
        { term: 'Adapters in the group:', value: row?.members.join(', ') },
        { term: 'Adapters connect to:', value: board?.socket },
      ]}
    />
  );
}

function commandOf({ value, changes }: DefinitionDraft<SsoAdapter>): string {
  const { name, properties } = value;
  const { enabled, properties: changed, ...others } = changes;
  const lines: string[] = [];
  if (Object.keys(others).length > 0)
    lines.push(
      commandWithFile('ssops', '-update', `${name}.xml`, writeSsoXml({ adapters: [{ ...others, name }] })),
    );
  if (changed !== undefined) {
    const words = Object.entries(properties).map(([key, text]) => `${key}=${text}`);
    lines.push(toolCommand('ssops', '-setprops', name, ...words));
  }
  if (typeof enabled === 'boolean') lines.push(toolCommand('ssops', enabled ? '-enable' : '-disable', name));
  return lines.join('\n');
}
