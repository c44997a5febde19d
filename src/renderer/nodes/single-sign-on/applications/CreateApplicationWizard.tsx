import { Wizard } from '#console/Wizard.tsx';
import { type SsoApplication, ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { writeSsoXml } from '#shared/text/write-sso-xml.ts';
import { useSession } from '#state/session-context.ts';

import { commandWithFile } from '../definition/tool-command.ts';
import { useNewDefinition } from '../definition/use-new-definition.ts';
import { AccountsPage } from './AccountsPage.tsx';
import { FieldsPage } from './FieldsPage.tsx';
import { GeneralPage } from './GeneralPage.tsx';
import { OptionsPage } from './OptionsPage.tsx';

export interface CreateApplicationWizardProps {
  /** Names that are taken. */
  readonly taken: readonly string[];
  onClose(): void;
}

/** Create New Affiliate Application: General, Options, Fields, Accounts. */
export function CreateApplicationWizard({ taken, onClose }: CreateApplicationWizardProps) {
  const session = useSession();
  const { value, edit, isBad, setTried, makeOnce } = useNewDefinition(newApplication, findProblems, taken);

  const create = async (): Promise<void> => {
    const { enabled, directPasswordSync, ticketTimeout, ...application } = value;
    await makeOnce(() => session.client.call('sso.createApplications', { applications: [application] }));
    const changes = {
      ...(enabled ? { enabled } : {}),
      ...(directPasswordSync ? { directPasswordSync } : {}),
      ...(ticketTimeout === undefined ? {} : { ticketTimeout }),
    };
    if (Object.keys(changes).length > 0)
      await session.client.call('sso.updateApplications', { updates: [{ name: value.name, changes }] });
  };

  return (
    <Wizard
      title="Create New Affiliate Application"
      finish="Create"
      help="affiliate-applications"
      command={commandWithFile(
        'ssomanage',
        '-createapps',
        `${value.name || 'application'}.xml`,
        writeSsoXml({ applications: [value] }),
      )}
      onTried={setTried}
      onFinish={create}
      onClose={onClose}
      steps={[
        {
          id: 'general',
          title: 'General',
          invalid: isBad('name', 'description', 'contact'),
          content: <GeneralPage {...edit} />,
        },
        {
          id: 'options',
          title: 'Options',
          invalid: isBad('ticketTimeout'),
          content: <OptionsPage {...edit} />,
        },
        {
          id: 'fields',
          title: 'Fields',
          invalid: isBad('fields'),
          content: <FieldsPage {...edit} fixed={0} />,
        },
        {
          id: 'accounts',
          title: 'Accounts',
          invalid: isBad('administrators', 'users', 'windowsAccount'),
          content: <AccountsPage {...edit} />,
        },
      ]}
    />
  );
}

function newApplication(): SsoApplication {
  return { ...ssoApplicationSchema.parse({ name: 'new' }), name: '' };
}

function findProblems(value: SsoApplication, taken: readonly string[]): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  const add = (path: string, message: string): void => {
    if (!problems.has(path)) problems.set(path, message);
  };
  const { name, type, fields } = value;
  for (const issue of ssoApplicationSchema.safeParse(value).error?.issues ?? [])
    add(issue.path.join('.'), issue.path[0] === 'name' && name === '' ? 'Enter a name' : issue.message);
  if (taken.some((other) => other.toLowerCase() === name.toLowerCase()))
    add('name', `Another application is named "${name}"`);
  if (new Set(fields.map(({ label }) => label.trim().toLowerCase())).size < fields.length)
    add('fields', 'Two fields have the same label');
  if (!value.administratorsSameAsAffiliate && value.administrators.length === 0)
    add('administrators', 'Enter at least one account');
  if (type !== 'host-group' && value.users.length === 0) add('users', 'Enter at least one account');
  if (type === 'host-group' && value.windowsAccount === undefined)
    add('windowsAccount', 'Enter the account, such as FABRIKAM\\hostuser');
  return problems;
}
