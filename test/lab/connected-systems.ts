import { spawnSync } from 'node:child_process';
import { scryptSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { z } from 'zod';

import type { agentSchema } from '#shared/model/agent.ts';

import { fullProfile } from './fabrikam-configuration.ts';
import { initialPassword, type Person } from './people.ts';
import type { RunningSqlServer, SqlServer } from './sql-server.ts';

type AgentInput = z.input<typeof agentSchema>;

/** A connected system beside the directories: its agent, and how a password is proven there without the product. */
export interface ConnectedSystem {
  readonly agent: AgentInput;
  /** What the agent signs in with. */
  readonly password?: string;
  proves(person: Person, password: string): Promise<boolean> | boolean;
}

const shared = (id: number) => ({
  id: `d1d1d1d1-0000-4000-8000-0000000000${String(id).padStart(2, '0')}`,
  join: [{ mappings: [{ connector: 'employee', person: 'employeeID' }] }],
  password: { enabled: true, retryInterval: 1 },
  runProfiles: [{ name: fullProfile, steps: [{ type: 'full-import-full-sync' as const }] }],
});
const sample = (name: string): string => resolve(`samples/extensions/${name}`);

const hashes = {
  postgresql: (text: string) => `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`,
  mariadb: (text: string) => `sha2(${text}, 256)`,
} as const;

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A table of people with their first passwords, for whoever administers the server. */
export function peopleTable(
  { product }: { readonly product: SqlServer['product'] },
  persons: readonly Person[],
): string {
  const rows = persons.map(
    (person) => `(${literal(person.employeeNumber)}, ${hashes[product](literal(initialPassword(person)))})`,
  );
  const grantee = product === 'postgresql' ? 'svc_carillon' : "'svc_carillon'@'%'";
  return `CREATE TABLE staff (employee varchar(64) PRIMARY KEY, password varchar(64) NOT NULL);
INSERT INTO staff VALUES ${rows.join(', ')};
GRANT SELECT, UPDATE ON staff TO ${grantee};`;
}

export function databaseSystem(id: number, server: RunningSqlServer): ConnectedSystem {
  const { product, host, port, database, serviceUser, caFile, servicePassword } = server;
  const hash = hashes[product];
  return {
    agent: {
      ...shared(id),
      name: product === 'postgresql' ? 'PostgreSQL' : 'MariaDB',
      kind: product === 'postgresql' ? 'postgresql' : 'mysql',
      connection: { host, port, database, user: serviceUser, caFile },
      table: 'staff',
      anchor: ['employee'],
      passwordMethod: {
        method: 'statement',
        set: `UPDATE staff SET password = ${hash(':password')} WHERE employee = :anchor`,
        verify: `SELECT 1 FROM staff WHERE employee = :anchor AND password = ${hash(':password')}`,
      },
    },
    password: servicePassword,
    async proves({ employeeNumber }, password) {
      const where = `employee = ${literal(employeeNumber)} AND password = ${hash(literal(password))}`;
      return (await server.runSql(`SELECT count(*) FROM staff WHERE ${where};`)).trim() === '1';
    },
  };
}

export function sqliteSystem(id: number, folder: string, persons: readonly Person[]): ConnectedSystem {
  const path = join(folder, 'staff.db');
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE staff (employee TEXT PRIMARY KEY, password TEXT)');
  const insert = database.prepare('INSERT INTO staff VALUES (?, ?)');
  for (const person of persons) insert.run(person.employeeNumber, initialPassword(person));
  database.close();
  return {
    agent: {
      ...shared(id),
      name: 'SQLite',
      kind: 'sqlite',
      connection: { path },
      table: 'staff',
      anchor: ['employee'],
      passwordMethod: {
        method: 'statement',
        set: 'UPDATE staff SET password = :password WHERE employee = :anchor',
        verify: 'SELECT 1 FROM staff WHERE employee = :anchor AND password = :password',
      },
    },
    proves({ employeeNumber }, password) {
      const reader = new DatabaseSync(path, { readOnly: true });
      const row = reader.prepare('SELECT password FROM staff WHERE employee = ?').get(employeeNumber);
      reader.close();
      return row?.['password'] === password;
    },
  };
}

type FileKind = 'delimited' | 'fixed-width' | 'attribute-value' | 'ldif' | 'dsml' | 'extension';

/** A system whose passwords an account book takes: extensible connectivity, or a file with a password extension. */
export function bookSystem(
  id: number,
  folder: string,
  kind: FileKind,
  persons: readonly Person[],
): ConnectedSystem {
  const book = join(folder, `${kind}.json`);
  const path = join(folder, `people.${kind}`);
  const anchorOf = ({ employeeNumber }: Person): string =>
    kind === 'ldif' || kind === 'dsml' ? `uid=e${employeeNumber},dc=files` : `e${employeeNumber}`;
  const accounts = persons.map((person) => [
    anchorOf(person),
    { type: 'person', version: 1, attributes: { employee: [person.employeeNumber] } },
  ]);
  writeFileSync(book, JSON.stringify({ version: 1, accounts: Object.fromEntries(accounts) }));
  writeFileSync(path, fileText(kind, persons, anchorOf));
  const extension = {
    command: process.execPath,
    arguments: [sample('account-book.ts')],
    parameters: { file: book },
  };
  const file = { ...shared(id), name: kind, connection: { path }, passwordExtension: extension };
  const layout = { columns: [column('login', 1), column('employee', 21)] };
  const agents: Readonly<Record<FileKind, AgentInput>> = {
    delimited: { ...file, kind: 'delimited', anchor: ['login'] },
    'fixed-width': { ...file, kind: 'fixed-width', anchor: ['login'], layout },
    'attribute-value': { ...file, kind: 'attribute-value', anchor: ['login'] },
    ldif: { ...file, kind: 'ldif', partitions: [{ dn: 'dc=files' }] },
    dsml: { ...file, kind: 'dsml', partitions: [{ dn: 'dc=files' }] },
    extension: { ...shared(id), name: kind, kind: 'extension', connection: extension },
  };
  return {
    agent: agents[kind],
    proves(person, password) {
      const { salt, hash } = JSON.parse(readFileSync(book, 'utf8')).accounts[anchorOf(person)];
      if (typeof salt !== 'string') return false;
      return scryptSync(password, Buffer.from(salt, 'hex'), 32).toString('hex') === hash;
    },
  };
}

function column(name: string, start: number) {
  return { name, start, width: 20 };
}

function fileText(kind: FileKind, persons: readonly Person[], anchorOf: (person: Person) => string): string {
  const lines = persons.map((person) => {
    const [anchor, employee] = [anchorOf(person), person.employeeNumber];
    switch (kind) {
      case 'fixed-width':
        return `${anchor.padEnd(20)}${employee}`;
      case 'attribute-value':
        return `login: ${anchor}\nemployee: ${employee}\n`;
      case 'ldif':
        return `dn: ${anchor}\nobjectClass: person\nemployee: ${employee}\n`;
      case 'dsml':
        return `<searchResultEntry dn="${anchor}"><attr name="employee"><value>${employee}</value></attr></searchResultEntry>`;
      default:
        return `${anchor},${employee}`;
    }
  });
  if (kind === 'delimited') return ['login,employee', ...lines].join('\n');
  if (kind !== 'dsml') return `${lines.join('\n')}\n`;
  const name = 'urn:oasis:names:tc:DSML:2:0:core';
  return `<batchResponse xmlns="${name}"><searchResponse>${lines.join('\n')}</searchResponse></batchResponse>`;
}

/** The user file of a web server, whose extension is a shell script. */
export function shellSystem(id: number, folder: string, persons: readonly Person[]): ConnectedSystem {
  const [path, store] = [join(folder, 'web-users.csv'), join(folder, 'htpasswd')];
  writeFileSync(
    path,
    ['login,employee', ...persons.map((one) => `${one.account},${one.employeeNumber}`)].join('\n'),
  );
  writeFileSync(store, `${persons.map(({ account }) => `${account}:x`).join('\n')}\n`, { mode: 0o600 });
  return {
    agent: {
      ...shared(id),
      name: 'Web server',
      kind: 'delimited',
      connection: { path },
      anchor: ['login'],
      passwordExtension: { command: sample('htpasswd.sh'), parameters: { file: store } },
    },
    proves({ account }, password) {
      const line = readFileSync(store, 'utf8')
        .split('\n')
        .find((one) => one.startsWith(`${account}:`));
      const hash = line?.slice(account.length + 1) ?? '';
      const salt = hash.split('$')[2];
      if (salt === undefined) return false;
      const made = spawnSync('openssl', ['passwd', '-6', '-salt', salt, '-stdin'], {
        input: password,
        encoding: 'utf8',
      });
      return made.stdout.trim() === hash;
    },
  };
}

/** An empty folder for the files of the systems. */
export function makeSystemFolder(parent: string): string {
  const folder = join(parent, 'systems');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
