import { useMemo, useState } from 'react';

import { Wizard } from '#console/Wizard.tsx';
import { type SsoPasswordFilter, ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';
import { useSession } from '#state/session-context.ts';

import { errorBelow } from '../applications/application-words.ts';
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
  const [value, setValue] = useState<SsoPasswordFilter>(() => ({
    ...ssoPasswordFilterSchema.parse({ name: 'new' }),
    name: '',
  }));
  const [tried, setTried] = useState(false);
  const problems = useMemo(() => {
    const found = new Map<string, string>();
    if (value.name === '') found.set('name', 'Enter a name');
    if (taken.some((other) => other.toLowerCase() === value.name.toLowerCase()))
      found.set('name', `Another password filter is named "${value.name}"`);
    for (const { path, message } of ssoPasswordFilterSchema.safeParse(value).error?.issues ?? [])
      if (!found.has(path.join('.'))) found.set(path.join('.'), message);
    return found;
  }, [value, taken]);
  const edit = {
    value,
    made: false,
    errors: tried ? problems : new Map<string, string>(),
    set: (part: Partial<SsoPasswordFilter>): void => setValue((before) => ({ ...before, ...part })),
  };
  const isBad = (...fields: readonly string[]): boolean =>
    fields.some((field) => errorBelow(problems, field) !== undefined);
  return (
    <Wizard
      title="Create New Password Filter"
      finish="Create"
      help="password-filters"
      command={filterCommand(value)}
      onRefused={() => setTried(true)}
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
