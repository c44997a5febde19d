import { elementAt, elementsOf, textAt, type XmlElement } from '../xml/xml-document.ts';
import { firstText } from './first-text.ts';
import type { MappingNotes } from './mapping-note.ts';
import { notesServer } from './notes-server.ts';

type Fields = Record<string, unknown>;

/** Server and account of an agent for a directory, whatever the products call them. */
export function mapDirectory(profile: string | undefined, settings: XmlElement, notes: MappingNotes): Fields {
  if (settings.name === 'lnma-configuration') return mapNotes(settings, notes);
  const [name, inName] = hostAndPort(
    firstText(
      settings,
      'forest-name',
      'default-server',
      'server',
      ...connectionPaths('server', 'connect-to'),
    ) || parameterOf(settings, 'Host', 'Host Name', 'Server', 'Server Name'),
  );
  // The connector for Domino has a hierarchical name where others have a host.
  const host = profile === 'domino' && name.includes('/') ? notesServer(name).host : name;
  const stated =
    firstText(settings, 'forest-port', 'default-port', 'port', ...connectionPaths('port')) ||
    parameterOf(settings, 'Port') ||
    inName;
  const domain = firstText(
    settings,
    'forest-login-domain',
    'default-login-domain',
    ...connectionPaths('domain'),
  );
  const account =
    firstText(settings, 'forest-login-user', 'default-login-user', 'user', ...connectionPaths('user')) ||
    parameterOf(settings, 'User Name', 'UserName', 'Username', 'User');
  const ssl =
    firstText(settings, 'ssl-bind', 'default-ssl-bind') === '1' ||
    /ssl|tls/i.test(parameterOf(settings, 'Binding', 'SSL'));
  const port = stated === '' || stated === '0' ? (ssl ? '636' : '389') : stated;
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

/** Lotus Notes was reached through its own client, with a file that proves who the user is; here it is LDAP. */
function mapNotes(settings: XmlElement, notes: MappingNotes): Fields {
  const { host } = notesServer(textAt(settings, 'server'));
  const idFile = textAt(settings, 'userid');
  const user = (idFile.split(/[\\/]/).at(-1) ?? '').replace(/\.id$/i, '');
  notes.approximated(
    'Connection',
    `${host} over LDAP: its LDAP task has to run, with a certificate for ldaps`,
  );
  notes.approximated(
    'User',
    `${user}, after ${idFile}: enter the name and Internet password of an administrator`,
  );
  notes.approximated(
    'Attribute names',
    'the directory calls some by names of LDAP, InternetAddress mail and ShortName uid: check the rules',
  );
  const books = elementsOf(elementAt(settings, 'ou-list'), 'item').map((item) => textAt(item, 'nab'));
  const named = books.filter((book) => book !== '');
  if (named.length > 0)
    notes.kept('Address books', `${named.join(', ')}: LDAP answers for all that its server has`);
  return { connection: { url: `ldaps://${host}:636`, authentication: { method: 'simple', user } } };
}

/** Where extensible agents keep what others have at the top. */
function connectionPaths(...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [`connection-info/${name}`, `extension-config/connection-info/${name}`]);
}

/** A parameter of a connector by one of its names. */
function parameterOf(settings: XmlElement, ...names: readonly string[]): string {
  const all = elementsOf(elementAt(settings, 'parameter-values'), 'parameter');
  for (const name of names) {
    const found = all.find((one) => one.attributes.get('name')?.toLowerCase() === name.toLowerCase());
    if (textAt(found) !== '') return textAt(found);
  }
  return '';
}

/** `ldap1.lab:390` in two; what is an address or a URL by itself stays whole but for its scheme. */
function hostAndPort(text: string): readonly [host: string, port: string] {
  const bare = text.replace(/^ldaps?:\/\//i, '').replace(/\/$/, '');
  const found = /^([^:\s]+):(\d{1,5})$/.exec(bare);
  return found === null ? [bare, ''] : [found[1] ?? '', found[2] ?? ''];
}
