import type { AgentKind } from '#shared/model/agent.ts';
import type { ValuePath } from '#state/configuration-change.ts';

/** How a value is typed: as it is, as a number, as a list with commas or spaces, as `name=value; ...`, or as columns. */
export type FieldForm = 'text' | 'number' | 'list' | 'words' | 'pairs' | 'columns';

/** One value of a kind's own settings. */
export interface KindField {
  readonly page: 'connect' | 'columns' | 'password';
  readonly path: ValuePath;
  readonly label: string;
  readonly form: FieldForm;
  readonly hint?: string;
  readonly required?: boolean;
}

/** Kinds that are no directories. */
export type SystemKind = Exclude<AgentKind, 'active-directory' | 'ldap'>;

const field = (
  page: KindField['page'],
  path: string,
  label: string,
  rest: Partial<Pick<KindField, 'form' | 'hint' | 'required'>> = {},
): KindField => ({
  page,
  path: path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  label,
  form: 'text',
  ...rest,
});

const required = { required: true } as const;
const anchor = field('columns', 'anchor', 'Anchor:', {
  form: 'list',
  required: true,
  hint: 'Columns that together name an object for good',
});
const file = [
  field('connect', 'connection.path', 'File:', { ...required, hint: 'Absolute path' }),
  field('connect', 'connection.encoding', 'Code page:', {
    hint: 'utf-8, utf-16le, utf-16be, windows-1252 or iso-8859-1; utf-8 where empty',
  }),
  field('connect', 'exportFile', 'Export file:', { hint: 'Changes are added to it' }),
];
const extensionAt = (page: KindField['page'], at: string, isRequired: boolean): readonly KindField[] => [
  field(page, `${at}.command`, 'Program:', { ...(isRequired && required), hint: 'Path of the extension' }),
  field(page, `${at}.arguments`, 'Arguments:', { form: 'words' }),
  field(page, `${at}.parameters`, 'Parameters:', { form: 'pairs', hint: 'name=value; name=value' }),
];
const entries = [
  ...file,
  field('columns', 'partitions.0.dn', 'Directory partition:', {
    ...required,
    hint: 'Such as dc=fabrikam,dc=lab',
  }),
  field('columns', 'anchorAttribute', 'Anchor attribute:', { hint: 'The distinguished name where empty' }),
  ...extensionAt('password', 'passwordExtension', false),
];
const table = [
  field('columns', 'table', 'Table or view:', required),
  anchor,
  field('columns', 'objectTypeColumn', 'Object type column:'),
];
const statements = [
  field('password', 'passwordMethod.set', 'Set password statement:', {
    hint: 'UPDATE people SET hash = f(:password) WHERE id = :anchor',
  }),
  field('password', 'passwordMethod.change', 'Change password statement:', { hint: 'With :oldPassword too' }),
  field('password', 'passwordMethod.verify', 'Proof:', {
    hint: 'A query that gives a row where :password is right',
  }),
];
const server = [
  field('connect', 'connection.host', 'Server:', required),
  field('connect', 'connection.port', 'Port:', { form: 'number', hint: "The product's own where empty" }),
  field('connect', 'connection.database', 'Database:', required),
  field('connect', 'connection.user', 'User name:', required),
  field('connect', 'connection.caFile', 'Certificate authority file:', {
    hint: "The system's own list where empty",
  }),
  ...table,
  ...statements,
];

/** What the wizard and the property sheet ask for each kind; the model's own schema judges the answers. */
export const kindFields: Readonly<Record<SystemKind, readonly KindField[]>> = {
  delimited: [
    ...file,
    field('columns', 'layout.delimiter', 'Delimiter:', { hint: 'A comma where empty' }),
    anchor,
    field('columns', 'objectTypeColumn', 'Object type column:'),
    ...extensionAt('password', 'passwordExtension', false),
  ],
  'fixed-width': [
    ...file,
    field('columns', 'layout.columns', 'Columns:', {
      form: 'columns',
      required: true,
      hint: 'name start width, name start width',
    }),
    anchor,
    ...extensionAt('password', 'passwordExtension', false),
  ],
  'attribute-value': [...file, anchor, ...extensionAt('password', 'passwordExtension', false)],
  ldif: entries,
  dsml: entries,
  sqlite: [
    field('connect', 'connection.path', 'Database file:', { ...required, hint: 'Absolute path' }),
    ...table,
    ...statements,
  ],
  postgresql: server,
  mysql: server,
  'sql-server': server,
  oracle: server,
  db2: server,
  extension: extensionAt('connect', 'connection', true),
  entsso: [
    field('connect', 'connection.connectTo', 'Connect To:', {
      ...required,
      hint: 'In the form that the service principal name has: short or with its domain',
    }),
    field('connect', 'connection.user', 'User:', {
      ...required,
      hint: 'The account that the SSO server runs as, DOMAIN\\name',
    }),
    field('connect', 'connection.port', 'Port:', { form: 'number', hint: '6948 where empty' }),
    field('connect', 'connection.fingerprint', 'Fingerprint of the server:', {
      hint: "sha256/...; needed where no authority vouches for another server's key",
    }),
    field('connect', 'connection.keytab', 'Keytab:', { hint: 'In place of a password' }),
    field('connect', 'connection.administrationPort', 'Port of its remote access:', {
      form: 'number',
      hint: 'Where another server takes mappings; 6949 where empty',
    }),
    field('connect', 'connection.administrationFingerprint', 'Fingerprint of its remote access:', {
      hint: 'sha256/..., as carillon status prints it there',
    }),
  ],
};

export function isSystemKind(kind: AgentKind): kind is SystemKind {
  return kind in kindFields;
}

/** Kinds whose agents sign in with a password of their own. */
export function signsIn(kind: SystemKind): boolean {
  return kindFields[kind].some(({ path }) => path.join('.') === 'connection.user') || kind === 'extension';
}
