import { Wizard } from '#console/Wizard.tsx';
import { type SsoPasswordFilter, ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';
import { useSession } from '#state/session-context.ts';

import { useNewDefinition } from '../definition/use-new-definition.ts';
import { FilterAdvancedPage } from './FilterAdvancedPage.tsx';
import { FilterBasicPage } from './FilterBasicPage.tsx';
import { FilterGeneralPage } from './FilterGeneralPage.tsx';
import { filterCommand } from './filter-command.ts';

export interface CreateFilterWizardProps {
  readonly taken: readonly string[];
  onClose(): void;
}

/** Create New Password Filter: General, Basic, Advanced. */
export function CreateFilterWizard({ taken, onClose }: CreateFilterWizardProps) {
  const session = useSession();
  const { value, edit, isBad, setTried } = useNewDefinition(newFilter, findProblems, taken);
  return (
    <Wizard
      title="Create New Password Filter"
      finish="Create"
      help="password-filters"
      command={filterCommand(value)}
      onTried={setTried}
      onFinish={async () => {
        await session.client.call('sso.saveFilter', { filter: value, seen: null });
      }}
      onClose={onClose}
      steps={[
        {
          id: 'general',
          title: 'General',
          invalid: isBad('name', 'description'),
          content: <FilterGeneralPage {...edit} />,
        },
        {
          id: 'basic',
          title: 'Basic',
          invalid: isBad('rules.maximumLength', 'rules.remove'),
          content: <FilterBasicPage {...edit} />,
        },
        {
          id: 'advanced',
          title: 'Advanced',
          invalid: isBad('rules'),
          content: <FilterAdvancedPage {...edit} />,
        },
      ]}
    />
  );
}

function newFilter(): SsoPasswordFilter {
  return { ...ssoPasswordFilterSchema.parse({ name: 'new' }), name: '' };
}

function findProblems(value: SsoPasswordFilter, taken: readonly string[]): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  if (value.name === '') problems.set('name', 'Enter a name');
  if (taken.some((other) => other.toLowerCase() === value.name.toLowerCase()))
    problems.set('name', `Another password filter is named "${value.name}"`);
  for (const { path, message } of ssoPasswordFilterSchema.safeParse(value).error?.issues ?? [])
    if (!problems.has(path.join('.'))) problems.set(path.join('.'), message);
  return problems;
}
