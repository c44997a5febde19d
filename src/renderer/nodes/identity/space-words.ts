import type { SpaceRow } from '#shared/contract/space.ts';
import type { IconName } from '#ui/icon-paths.ts';

/** States of connector-space objects in the words of Identity Manager. */
export const stateWords: Readonly<Record<SpaceRow['state'], string>> = {
  connector: 'Connector',
  disconnector: 'Disconnector',
  'explicit-disconnector': 'Explicit disconnector',
  filtered: 'Filtered disconnector',
};

export const stateIcons: Readonly<Record<SpaceRow['state'], IconName>> = {
  connector: 'joiner',
  disconnector: 'waiting',
  'explicit-disconnector': 'stopped',
  filtered: 'parked',
};

const links: Readonly<Record<string, string>> = {
  join: 'Join rule',
  projection: 'Projection',
  manual: 'By an administrator',
  provisioning: 'Provisioning',
};

export function linkWords(link: string | undefined): string {
  return link === undefined ? '' : (links[link] ?? link);
}
