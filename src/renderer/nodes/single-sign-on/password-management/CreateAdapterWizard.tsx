import { Wizard } from '#console/Wizard.tsx';
import { type SsoAdapter, ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { writeSsoXml } from '#shared/text/write-sso-xml.ts';
import { useSession } from '#state/session-context.ts';

import { commandWithFile } from '../definition/tool-command.ts';
import { useNewDefinition } from '../definition/use-new-definition.ts';
import { AdapterAccountsPage } from './AdapterAccountsPage.tsx';
import { AdapterCustomPage } from './AdapterCustomPage.tsx';
import { AdapterGeneralPage } from './AdapterGeneralPage.tsx';
import { AdapterOptionsPage } from './AdapterOptionsPage.tsx';
import { AdapterSystemPage } from './AdapterSystemPage.tsx';

export interface CreateAdapterWizardProps {
  readonly taken: readonly string[];
  onClose(): void;
}

/** Create New Password Sync Adapter: General, Options, Properties, Accounts. */
export function CreateAdapterWizard({ taken, onClose }: CreateAdapterWizardProps) {
  const session = useSession();
  const { value, edit, problems, isBad, setTried, makeOnce } = useNewDefinition(
    newAdapter,
    findProblems,
    taken,
  );
  const create = async (): Promise<void> => {
    const { enabled, ...definition } = value;
    await makeOnce(() => session.client.call('sso.createAdapters', { adapters: [definition] }));
    const updates = [{ name: value.name, changes: { enabled } }];
    if (enabled) await session.client.call('sso.updateAdapters', { updates });
  };
  return (
    <Wizard
      title="Create New Password Sync Adapter"
      finish="Create"
      help="password-management"
      command={commandWithFile(
        'ssops',
        '-create',
        `${value.name || 'adapter'}.xml`,
        writeSsoXml({ adapters: [value] }),
      )}
      onTried={setTried}
      onFinish={create}
      onClose={onClose}
      steps={[
        {
          id: 'general',
          title: 'General',
          invalid: isBad('name', 'description', 'computer'),
          content: <AdapterGeneralPage {...edit} />,
        },
        { id: 'options', title: 'Options', invalid: false, content: <AdapterOptionsPage {...edit} /> },
        {
          id: 'properties',
          title: 'Properties',
          invalid: isBad('retryCount', 'retryDelay', 'maxPending', 'properties'),
          content: (
            <>
              <AdapterSystemPage {...edit} errors={problems} />
              <AdapterCustomPage {...edit} errors={problems} />
            </>
          ),
        },
        {
          id: 'accounts',
          title: 'Accounts',
          invalid: isBad('administrators', 'users'),
          content: <AdapterAccountsPage {...edit} />,
        },
      ]}
    />
  );
}

function newAdapter(): SsoAdapter {
  return {
    ...ssoAdapterSchema.parse({ name: 'new', computer: 'host.domain' }),
    name: '',
    computer: '',
  };
}

function findProblems(value: SsoAdapter, taken: readonly string[]): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  const add = (path: string, message: string): void => {
    if (!problems.has(path)) problems.set(path, message);
  };
  if (value.name === '') add('name', 'Enter a name');
  if (value.computer === '') add('computer', 'Enter the full name of a computer');
  for (const issue of ssoAdapterSchema.safeParse(value).error?.issues ?? [])
    add(issue.path.join('.'), issue.message);
  if (taken.some((other) => other.toLowerCase() === value.name.toLowerCase()))
    add('name', `Another adapter is named "${value.name}"`);
  if (!value.administratorsSameAsAffiliate && value.administrators.length === 0)
    add('administrators', 'Enter at least one account');
  if (value.users.length === 0) add('users', 'Enter the access account');
  return problems;
}
