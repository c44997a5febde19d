import { elementAt, isElement, type XmlElement } from '../xml/xml-document.ts';
import { firstText } from './first-text.ts';

/** Categories that have a kind here; LDAP directories with the profile of their product. */
const kinds: Readonly<Record<string, string>> = {
  ad: 'active-directory',
  'ad gal': 'active-directory',
  adam: 'ldap:adlds',
  iplanet: 'ldap:sun',
  edirectory: 'ldap:edirectory',
  'ibm ds': 'ldap:ibm',
  notes: 'ldap:domino',
  mssql: 'sql-server',
  oracle: 'oracle',
  db2: 'db2',
  avp: 'attribute-value',
  delimited: 'delimited',
  fixed: 'fixed-width',
  ldif: 'ldif',
  dsml: 'dsml',
};

/** Connectors of Microsoft's for what there is a kind for, by a part of the name of their file. */
const connectors: readonly (readonly [RegExp, string])[] = [
  [/GenericLdap/i, 'ldap:generic'],
  [/Domino|LotusNotes/i, 'ldap:domino'],
];

const directories = ['adlds', 'sun', 'edirectory', 'ibm', 'domino', 'openldap', 'generic'].map(
  (profile) => `ldap:${profile}`,
);
const databases = ['sql-server', 'postgresql', 'mysql', 'oracle', 'db2'];
const files = ['delimited', 'fixed-width', 'attribute-value', 'ldif', 'dsml'];

export type ConnectionShape = 'directory' | 'database' | 'file' | 'extension';

/**
 * What an agent can become, `ldap:sun` or `sql-server`, the obvious one first: a directory or a database may have
 * moved to another product since. What has no kind of its own becomes an extension. `data` is its `ma-data`.
 */
export function kindChoices(category: string, data: XmlElement): readonly string[] {
  const own = kinds[category.toLowerCase()];
  if (own !== undefined && files.includes(own)) return [own];
  if (own !== undefined && databases.includes(own)) return unlike([own, ...databases]);
  if (own !== undefined) {
    const others = ['active-directory', ...directories];
    return own === 'ldap:domino' ? unlike([own, ...others, 'extension']) : unlike([own, ...others]);
  }
  if (!/^extensible2?$/i.test(category)) return ['extension'];
  const settings = elementAt(data, 'private-configuration')?.children.find(isElement);
  const file = firstText(settings, 'extension-config/filename');
  const known = connectors.find(([name]) => name.test(file))?.[1];
  return unlike([...(known === undefined ? [] : [known]), 'extension', ...directories]);
}

/** Which settings a kind takes its connection from; `kind` without a profile. */
export function connectionShape(kind: string): ConnectionShape {
  if (files.includes(kind)) return 'file';
  if (databases.includes(kind)) return 'database';
  return kind === 'extension' ? 'extension' : 'directory';
}

function unlike(choices: readonly string[]): readonly string[] {
  return [...new Set(choices)];
}
