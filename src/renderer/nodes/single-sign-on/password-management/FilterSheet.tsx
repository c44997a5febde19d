import { type SsoPasswordFilter, ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';
import { useSession } from '#state/session-context.ts';

import { DefinitionSheet } from '../definition/DefinitionSheet.tsx';
import { FilterAdvancedPage } from './FilterAdvancedPage.tsx';
import { FilterBasicPage } from './FilterBasicPage.tsx';
import { FilterGeneralPage } from './FilterGeneralPage.tsx';
import { filterCommand } from './filter-command.ts';

export interface FilterSheetProps {
  readonly filter: SsoPasswordFilter;
  onClose(): void;
}

/** Properties of a password filter: General, Basic, Advanced. */
export function FilterSheet({ filter, onClose }: FilterSheetProps) {
  const session = useSession();
  const { name } = filter;
  const read = async (): Promise<SsoPasswordFilter> => {
    const found = (await session.client.call('sso.filters', {})).find((each) => each.name === name);
    if (found === undefined) throw new Error(`The password filter "${name}" was deleted meanwhile`);
    return found;
  };
  return (
    <DefinitionSheet<SsoPasswordFilter>
      title={`${name} Properties`}
      help="password-filters"
      source={{
        initial: filter,
        schema: ssoPasswordFilterSchema,
        read,
        save: async (_, seen, value) => {
          await session.client.call('sso.saveFilter', { filter: value, seen: { ...value, ...seen } });
        },
      }}
      pages={(draft) => {
        const edit = { ...draft, made: true };
        return [
          {
            id: 'general',
            title: 'General',
            fields: ['description'],
            content: <FilterGeneralPage {...edit} />,
          },
          {
            id: 'basic',
            title: 'Basic',
            fields: ['rules.maximumLength', 'rules.remove'],
            content: <FilterBasicPage {...edit} />,
          },
          {
            id: 'advanced',
            title: 'Advanced',
            fields: ['rules.substitute', 'rules.minimumLength', 'rules.padCharacter'],
            content: <FilterAdvancedPage {...edit} />,
          },
        ];
      }}
      command={({ value }) => filterCommand(value)}
      onClose={onClose}
    />
  );
}
