import type { SsoPasswordFilter } from '#shared/model/sso-password-filter.ts';

import { toolCommand } from '../definition/tool-command.ts';

/** The command line that saves a filter as it is. */
export function filterCommand({ name, rules }: SsoPasswordFilter): string {
  const { substitute, ...others } = rules;
  const words = Object.entries(others)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${value}`);
  const pairs = substitute.map(({ from, to }) => `${from}${to}`).join(' ');
  return toolCommand(
    'ssomanage',
    '-savefilter',
    name || 'filter',
    ...words,
    ...(pairs === '' ? [] : [`substitute=${pairs}`]),
  );
}
