import { elementAt, elementsOf, isElement, textAt, type XmlElement } from '../xml/xml-document.ts';
import type { MappingNotes } from './mapping-note.ts';

type Fields = Record<string, unknown>;

/** Categories that have a kind here; LDAP directories with the profile of their product. */
const kinds: Readonly<Record<string, Fields>> = {
  AD: { kind: 'active-directory' },
  ADAM: { kind: 'ldap', profile: 'adlds' },
  iPlanet: { kind: 'ldap', profile: 'sun' },
  eDirectory: { kind: 'ldap', profile: 'edirectory' },
  'IBM DS': { kind: 'ldap', profile: 'ibm' },
  IBMDS: { kind: 'ldap', profile: 'ibm' },
  MSSQL: { kind: 'sql-server' },
};

const directories = ['adlds', 'sun', 'edirectory', 'ibm', 'openldap', 'generic'];
const databases = ['sql-server', 'postgresql', 'mysql', 'oracle', 'db2'];

/**
 * What an agent of the category can become, `ldap:sun` or `sql-server`, the obvious one first: a directory may have
 * moved to another product since.
 */
export function kindChoices(category: string): readonly string[] {
  const own = kinds[category];
  if (own === undefined) return [];
  const first = own['profile'] === undefined ? String(own['kind']) : `${own['kind']}:${own['profile']}`;
  const all =
    category === 'MSSQL'
      ? databases
      : ['active-directory', ...directories.map((profile) => `ldap:${profile}`)];
  return [first, ...all.filter((choice) => choice !== first)];
}

/** Kind and connection of an agent; undefined where its category has no kind here. */
export function mapConnection(
  category: string,
  data: XmlElement,
  notes: MappingNotes,
  choice = kindChoices(category)[0],
): Fields | undefined {
  const [name, profile] = (choice ?? '').split(':');
  const kind = kinds[category] && { kind: name, ...(profile === undefined ? {} : { profile }) };
  const settings = elementAt(data, 'private-configuration')?.children.find(isElement);
  if (kind === undefined || settings === undefined) {
    notes.kept(`Management agent for ${category}`, 'there is no such kind here; its file is kept as it came');
    return undefined;
  }
  notes.taken(`Management agent for ${category}`, String(kind['profile'] ?? kind['kind']));
  return {
    ...kind,
    ...(category === 'MSSQL' ? mapDatabase(settings, notes) : mapDirectory(settings, notes)),
  };
}

/** Names differ from product to product; the first that has a text counts. */
function firstText(settings: XmlElement, ...names: readonly string[]): string {
  for (const name of names) {
    const text = textAt(settings, name);
    if (text !== '') return text;
  }
  return '';
}

function mapDirectory(settings: XmlElement, notes: MappingNotes): Fields {
  const host = firstText(settings, 'forest-name', 'server', 'default-ip', 'connection-info/server');
  const stated = firstText(settings, 'forest-port', 'port', 'default-port', 'connection-info/port');
  const domain = firstText(settings, 'forest-login-domain', 'domain', 'connection-info/domain');
  const account = firstText(
    settings,
    'forest-login-user',
    'default-login-user',
    'user',
    'connection-info/user',
  );
  const ssl = textAt(settings, 'ssl-bind') === '1';
  const port = stated === '' ? (ssl ? '636' : '389') : stated;
  if (host === '' || account === '') notes.kept('Connection', 'the export names no server or no user');
  else notes.taken('Connection', `${host}:${port} as ${account}`);
  if (!ssl)
    notes.approximated(
      'Sign and seal',
      'passwords travel over TLS here: give the server a certificate and use ldaps',
    );
  const user = domain === '' || account.includes('=') ? account : `${domain}\\${account}`;
  return {
    connection: {
      url: `${ssl || port === '389' ? 'ldaps' : 'ldap'}://${host}:${port === '389' ? '636' : port}`,
      authentication: { method: 'simple', user },
    },
  };
}

function mapDatabase(settings: XmlElement, notes: MappingNotes): Fields {
  const info = elementAt(settings, 'connection-info');
  const anchor = elementsOf(elementAt(settings, 'mms-info/anchor'), 'attribute').map((one) => textAt(one));
  const host = textAt(info, 'server');
  notes.taken('Connection', `${host}, database ${textAt(info, 'databasename')}`);
  if (textAt(info, 'authentication') === 'integrated')
    notes.approximated(
      'Windows authentication',
      'the agent signs in with a name and a password of the database',
    );
  return {
    connection: { host, database: textAt(info, 'databasename'), user: textAt(info, 'user') },
    table: textAt(info, 'tablename'),
    anchor,
    ...(textAt(settings, 'mms-info/object-type') === ''
      ? {}
      : { objectType: textAt(settings, 'mms-info/object-type') }),
  };
}
