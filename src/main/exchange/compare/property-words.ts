import { orderPrefix } from './config-object.ts';
import { propertyLabels } from './property-labels.ts';

/** What kinds of objects are called, by their place. */
const kinds: Readonly<Record<string, string>> = {
  '': 'Server',
  'agents[]': 'Management agent',
  'agents[].partitions[]': 'Directory partition',
  'agents[].runProfiles[]': 'Run profile',
  passwordSync: 'Options',
  channel: 'Channel',
  keyKeeper: 'Key keeper',
  logFile: 'Log file',
  snapshots: 'Snapshots',
  singleSignOn: 'SSO System',
  'singleSignOn.servers[]': 'SSO Server',
  'applications[]': 'Affiliate application',
  'adapters[]': 'Password sync adapter',
  'filters[]': 'Password filter',
  'mappings[]': 'Mapping',
  'pcns[]': 'Password change notification of',
  'pcns[].targets[]': 'Notification target',
};

export function kindWords(place: string): string {
  return kinds[place] ?? sentence(lastWord(place).replace(/ies$/, 'y').replace(/s$/, ''));
}

/** The label of a property of an object at `place`; from its own name where no sheet has it. */
export function labelWords(place: string, path: string): string {
  if (path.startsWith(orderPrefix))
    return `Order of ${sentence(path.slice(orderPrefix.length)).toLowerCase()}`;
  const known = propertyLabels[place === '' ? path : `${place}.${path}`];
  return known ?? path.split('.').map(sentence).join(': ');
}

/** A section is called by its kind; anything else by its own name. */
export function nameWords(place: string, name: string): string {
  return place.endsWith('[]') ? name : kindWords(place);
}

function lastWord(place: string): string {
  return place.replaceAll('[]', '').split('.').at(-1) ?? '';
}

/** `retryInterval` as `Retry interval`. */
function sentence(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/\b(?:tls|spn|url|dn|sso)\b/g, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}
