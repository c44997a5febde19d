import { elementAt, elementsOf, isElement, textAt, type XmlElement } from '../xml/xml-document.ts';
import { mapFile } from './map-file.ts';
import type { MappingNotes } from './mapping-note.ts';

type Fields = Record<string, unknown>;

/** Categories that have a kind here; LDAP directories with the profile of their product. */
const kinds: Readonly<Record<string, string>> = {
  AD: 'active-directory',
  'AD GAL': 'active-directory',
  ADAM: 'ldap:adlds',
  iPlanet: 'ldap:sun',
  eDirectory: 'ldap:edirectory',
  'IBM DS': 'ldap:ibm',
  MSSQL: 'sql-server',
  ORACLE: 'oracle',
  DB2: 'db2',
  AVP: 'attribute-value',
  Delimited: 'delimited',
  LDIF: 'ldif',
  DSML: 'dsml',
};

const directories = ['adlds', 'sun', 'edirectory', 'ibm', 'domino', 'openldap', 'generic'];
const databases = ['sql-server', 'postgresql', 'mysql', 'oracle', 'db2'];
const files = ['delimited', 'attribute-value', 'ldif', 'dsml'];

/**
 * What an agent of the category can become, `ldap:sun` or `sql-server`, the obvious one first: a directory or a
 * database may have moved to another product since.
 */
export function kindChoices(category: string): readonly string[] {
  const known = Object.keys(kinds).find((name) => name.toLowerCase() === category.toLowerCase());
  const first = known === undefined ? undefined : kinds[known];
  if (first === undefined) return [];
  if (files.includes(first)) return [first];
  const all = databases.includes(first)
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
  const own = elementAt(data, 'private-configuration')?.children.find(isElement);
  if (own !== undefined && isEntsso(category, own)) return mapEntsso(own, notes);
  const [kind = '', profile] = (choice ?? '').split(':');
  const settings = elementAt(data, 'private-configuration')?.children.find(isElement);
  if (kindChoices(category).length === 0 || settings === undefined) {
    notes.kept(`Management agent for ${category}`, 'there is no such kind here; its file is kept as it came');
    return undefined;
  }
  notes.taken(`Management agent for ${category}`, profile ?? kind);
  const mapped = files.includes(kind)
    ? mapFile(kind, data, settings, notes)
    : databases.includes(kind)
      ? mapDatabase(settings, notes)
      : mapDirectory(settings, notes);
  return { kind, ...(profile === undefined ? {} : { profile }), ...mapped };
}

/** It is an extensible agent whose extension carries the product's name. */
function isEntsso(category: string, settings: XmlElement): boolean {
  return (
    /^extensible2?$/i.test(category) &&
    ['extension-config/filename', 'password-extension-config/dll'].some((path) =>
      /EnterpriseSingleSignOn|ENTSSO/i.test(textAt(settings, path)),
    )
  );
}

function mapEntsso(settings: XmlElement, notes: MappingNotes): Fields | undefined {
  const at = (name: string): string =>
    firstText(
      settings,
      `password-extension-config/connection-info/${name}`,
      `extension-config/connection-info/${name}`,
    );
  const connectTo = at('connect-to').replace(/^[A-Za-z0-9_-]+\//, '');
  const user = at('user');
  notes.taken('Management agent for Enterprise Single Sign-On', 'entsso');
  notes.taken('Connection', `${connectTo} as ${user}`);
  const timeout = Number(firstText(settings, 'password-extension-config/timeout'));
  return {
    kind: 'entsso',
    connection: {
      connectTo,
      user,
      ...(Number.isInteger(timeout) && timeout >= 1 && timeout <= 600 ? { connectTimeout: timeout } : {}),
    },
  };
}

/** Names differ from product to product; the first that has a text counts. */
function firstText(settings: XmlElement | undefined, ...names: readonly string[]): string {
  for (const name of names) {
    const text = textAt(settings, name);
    if (text !== '') return text;
  }
  return '';
}

function mapDirectory(settings: XmlElement, notes: MappingNotes): Fields {
  const host = firstText(settings, 'forest-name', 'default-server', 'server', 'connection-info/server');
  const stated = firstText(settings, 'forest-port', 'default-port', 'port', 'connection-info/port');
  const domain = firstText(settings, 'forest-login-domain', 'default-login-domain', 'connection-info/domain');
  const account = firstText(
    settings,
    'forest-login-user',
    'default-login-user',
    'user',
    'connection-info/user',
  );
  const ssl = firstText(settings, 'ssl-bind', 'default-ssl-bind') === '1';
  const port = stated === '' ? (ssl ? '636' : '389') : stated;
  if (host === '' || account === '') notes.kept('Connection', 'the export names no server or no user');
  else notes.taken('Connection', `${host}:${port} as ${account}`);
  if (!ssl)
    notes.approximated(
      'Sign and seal',
      'passwords travel over TLS here: give the server a certificate and use ldaps',
    );
  if (elementAt(settings, 'ssl-bind')?.attributes.get('crl-check') === '1')
    notes.kept('Enable Certificate Revocation List Checking', 'certificates are checked without such lists');
  if (firstText(settings, 'default-sasl-mechanism') === '1')
    notes.approximated('SASL', 'the agent signs in with name and password over TLS');
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
  const special = elementAt(settings, 'mms-info');
  const anchor = elementsOf(elementAt(special, 'anchor'), 'attribute').map((one) => textAt(one));
  const host = firstText(info, 'server', 'datasource');
  const database = firstText(info, 'databasename', 'datasource');
  notes.taken('Connection', `${host}, database ${database}, table ${textAt(info, 'tablename')}`);
  if (textAt(info, 'authentication') === 'integrated')
    notes.approximated(
      'Windows authentication',
      'the agent signs in with a name and a password of the database',
    );
  const typeColumn = textAt(special, 'object-type-info/object-type-column');
  const objectType = textAt(special, 'object-type');
  if (typeColumn !== '') notes.taken('Object type', `in the column ${typeColumn}`);
  else if (objectType !== '') notes.taken('Object type', objectType);
  return {
    connection: { host, database, user: textAt(info, 'user') },
    table: textAt(info, 'tablename'),
    anchor,
    ...(typeColumn === '' ? {} : { objectTypeColumn: typeColumn }),
    ...(objectType === '' ? {} : { objectType }),
    ...mapDelta(info, special, notes),
    ...mapMultivalue(info, special, notes),
  };
}

function mapDelta(
  info: XmlElement | undefined,
  special: XmlElement | undefined,
  notes: MappingNotes,
): Fields {
  const view = textAt(info, 'delta-tablename');
  const changeColumn = textAt(special, 'delta-info/change-column');
  if (view === '') return {};
  if (changeColumn === '') {
    notes.kept('Delta view', `${view}: it names no column with the type of change`);
    return {};
  }
  const words = ['add', 'update', 'delete'].map((name) => textAt(special, `delta-info/${name}`));
  const own = words.join(', ').toLowerCase() === 'add, modify, delete';
  if (own) notes.taken('Delta view', `${view} with ${changeColumn}`);
  else
    notes.approximated(
      'Delta view',
      `${view}: write Add, Modify and Delete in ${changeColumn} in place of ${words.join(', ')}`,
    );
  if (textAt(special, 'delta-info/attribute-column') !== '')
    notes.kept('Attribute-level change type', 'a changed row is read whole');
  return { delta: { by: 'view', view, changeColumn } };
}

function mapMultivalue(
  info: XmlElement | undefined,
  special: XmlElement | undefined,
  notes: MappingNotes,
): Fields {
  const table = textAt(info, 'multivalued-tablename');
  if (table === '') return {};
  const attributeColumn = textAt(special, 'multivalued-info/attribute-column');
  const columns = [
    'string-column',
    'long-string-column',
    'numeric-column',
    'binary-column',
    'long-binary-column',
  ]
    .map((name) => textAt(special, `multivalued-info/${name}`))
    .filter((name) => name !== '');
  const [valueColumn, ...others] = columns;
  if (attributeColumn === '' || valueColumn === undefined) {
    notes.kept('Multivalue table', `${table}: it names no columns`);
    return {};
  }
  if (others.length === 0) notes.taken('Multivalue table', `${table}: ${attributeColumn}, ${valueColumn}`);
  else
    notes.approximated(
      'Multivalue table',
      `${table}: values of ${valueColumn} alone, without ${others.join(', ')}`,
    );
  return { multivalue: { table, attributeColumn, valueColumn } };
}
