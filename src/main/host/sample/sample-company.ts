import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { z } from 'zod';

import { accountBookCommand } from '#agents/extension/own-program.ts';
import type { agentSchema } from '#shared/model/agent.ts';

import { findSample } from './find-sample.ts';

type AgentInput = z.input<typeof agentSchema>;

/** NetBIOS name of a domain that no one has: what starts here is nobody's real password. */
export const sampleDomain = 'SAMPLE';
export const sampleProfile = 'Full Import and Full Synchronization';

/** The people of a company that does not exist; the numbers are what tells who is who in every system. */
export const samplePeople = [
  ['b6f7a1de-6f6c-4c4e-9f3c-0d3c6a5b1001', '1001', 'Ann Lee', 'Accounting'],
  ['b6f7a1de-6f6c-4c4e-9f3c-0d3c6a5b1002', '1002', 'Björn Þórsson', 'Sales'],
  ['b6f7a1de-6f6c-4c4e-9f3c-0d3c6a5b1003', '1003', 'Chiara Rossi', 'Research'],
  ['b6f7a1de-6f6c-4c4e-9f3c-0d3c6a5b1004', '1004', 'Dong Nguyen', 'Research'],
  ['b6f7a1de-6f6c-4c4e-9f3c-0d3c6a5b1005', '1005', 'Éloïse Martin', 'Sales'],
  ['b6f7a1de-6f6c-4c4e-9f3c-0d3c6a5b1006', '1006', 'Farid Haddad', 'Warehouse'],
].map(([id = '', number = '', name = '', department = '']) => ({ id, number, name, department }));

const ids = {
  people: '6e0c2b2e-40d6-4a39-8f2a-5a3b7c9d0001',
  directory: '6e0c2b2e-40d6-4a39-8f2a-5a3b7c9d0002',
  payroll: '6e0c2b2e-40d6-4a39-8f2a-5a3b7c9d0003',
  timeClock: '6e0c2b2e-40d6-4a39-8f2a-5a3b7c9d0004',
  intranet: '6e0c2b2e-40d6-4a39-8f2a-5a3b7c9d0005',
} as const;
export const sampleIds: ReadonlySet<string> = new Set(Object.values(ids));

/** Writes the company's files and its database into a folder of their own. */
export function writeSampleCompany(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, text: string): void =>
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  const csv = samplePeople.map(
    ({ id, number, name, department }) => `${id},${number},"${name}",${department}`,
  );
  write('people.csv', `${['id,employeeID,displayName,department', ...csv].join('\r\n')}\r\n`);
  const entries = samplePeople.map(({ number, name }) => {
    const text = Buffer.from(name).toString('base64');
    const dn = `uid=e${number},ou=people,dc=sample`;
    return `dn: ${dn}\nobjectClass: inetOrgPerson\nuid: e${number}\nemployeeNumber: ${number}\ncn:: ${text}\n`;
  });
  write('directory.ldif', `version: 1\n\n${entries.join('\n')}`);
  const blocks = samplePeople.map(
    ({ number, name }) => `badge: B-${number}\nemployee: ${number}\nname: ${name}\n`,
  );
  write('time-clock.txt', blocks.join('\n'));
  const account = { type: 'person', version: 1 };
  const book = (anchor: (number: string) => string): string =>
    JSON.stringify({
      version: 1,
      accounts: Object.fromEntries(
        samplePeople.map(({ number, name }) => [
          anchor(number),
          { ...account, attributes: { employeeID: [number], displayName: [name] } },
        ]),
      ),
    });
  write(
    'directory-accounts.json',
    book((number) => `uid=e${number},ou=people,dc=sample`),
  );
  write(
    'intranet-accounts.json',
    book((number) => `user${number}`),
  );
  const database = new DatabaseSync(join(folder, 'payroll.db'));
  try {
    database.exec(`CREATE TABLE IF NOT EXISTS employees (number TEXT PRIMARY KEY, name TEXT NOT NULL, password TEXT);
      CREATE TABLE IF NOT EXISTS clock_users (badge TEXT PRIMARY KEY, password TEXT);
      DELETE FROM employees; DELETE FROM clock_users;
      CREATE TRIGGER IF NOT EXISTS payroll_policy BEFORE UPDATE OF password ON employees WHEN NEW.password IS NULL
        BEGIN SELECT RAISE(ABORT, 'policy-violation: a password is needed'); END;`);
    const employee = database.prepare('INSERT INTO employees (number, name) VALUES (?, ?)');
    for (const { number, name } of samplePeople) employee.run(number, name);
  } finally {
    database.close();
  }
}

/** The agents that connect the company's systems. */
export function sampleAgents(folder: string): readonly AgentInput[] {
  const program = findSample('extensions/account-book.ts');
  // In the desktop application there is no Node to run a program with: there it runs in a thread.
  const start =
    process.versions['electron'] === undefined && program !== undefined
      ? { command: process.execPath, arguments: [program] }
      : { command: accountBookCommand };
  const runProfiles = [{ name: sampleProfile, steps: [{ type: 'full-import-full-sync' as const }] }];
  const joined = (connector: string) => ({
    join: [{ mappings: [{ connector, person: 'employeeID' }] }],
    runProfiles,
    password: { enabled: true },
  });
  const book = (file: string) => ({
    ...start,
    parameters: { file: join(folder, file) },
  });
  const targets: AgentInput[] = [
    {
      ...joined('number'),
      id: ids.payroll,
      name: 'Sample: payroll database',
      kind: 'sqlite',
      connection: { path: join(folder, 'payroll.db') },
      table: 'employees',
      anchor: ['number'],
      passwordMethod: {
        method: 'statement',
        set: 'UPDATE employees SET password = password_hash(CAST(:password AS BLOB)) WHERE number = :anchor',
        verify:
          'SELECT 1 FROM employees WHERE number = :anchor AND password_matches(CAST(:password AS BLOB), password)',
      },
    },
    {
      ...joined('employeeNumber'),
      id: ids.directory,
      name: 'Sample: directory file',
      kind: 'ldif' as const,
      connection: { path: join(folder, 'directory.ldif') },
      partitions: [{ dn: 'dc=sample' }],
      passwordExtension: book('directory-accounts.json'),
    },
    {
      ...joined('employeeID'),
      id: ids.intranet,
      name: 'Sample: intranet program',
      kind: 'extension' as const,
      connection: book('intranet-accounts.json'),
    },
  ];
  return [
    {
      id: ids.people,
      name: 'Sample: personnel file',
      description: 'Where the people of the sample company come from, and their passwords',
      kind: 'delimited',
      connection: { path: join(folder, 'people.csv') },
      anchor: ['id'],
      project: true,
      flow: ['employeeID', 'displayName', 'department'].map((name) => ({ connector: name, person: name })),
      partitions: [
        {
          dn: 'OU=default',
          passwordSource: { enabled: true, domain: sampleDomain, targets: targets.map(({ id }) => id) },
        },
      ],
      runProfiles,
    },
    {
      id: ids.timeClock,
      name: 'Sample: time clock',
      description: 'Knows the people, and has no passwords',
      kind: 'attribute-value',
      connection: { path: join(folder, 'time-clock.txt') },
      anchor: ['badge'],
      join: [{ mappings: [{ connector: 'employee', person: 'employeeID' }] }],
      runProfiles,
    },
    ...targets,
  ];
}
