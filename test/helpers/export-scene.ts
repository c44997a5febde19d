import { expect } from 'vitest';

import { exportTargetOf } from '#agents/export-target-of.ts';
import { importSourceOf } from '#agents/import-source-of.ts';
import type { RunningSqlServer } from '#lab/sql-server.ts';
import { type Agent, agentSchema } from '#shared/model/agent.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { draftAgent, IdentityWorld } from './identity-world.ts';

type Values = Readonly<Record<string, readonly string[]>>;

/** A system of records that people are written to from a directory in memory. */
export interface ExportScene {
  readonly world: IdentityWorld;
  readonly target: Agent;
  /** Gives HR these people beside those that it has, and lets what that means flow out and in again. */
  flowOut(people: Readonly<Record<string, Values>>): Promise<void>;
  /** The same until the export has run; gives its result and its errors. */
  exportOnly(people: Readonly<Record<string, Values>>): Promise<{ result: string; words: readonly string[] }>;
}

/** Flow and provisioning for everybody whose title is not `left`; `id`, `mail`, `title` and `phone` are columns. */
export const exportRules = {
  project: false,
  exportFlow: [
    { person: 'employeeId', connector: 'id' },
    { person: 'mail', connector: 'mail' },
    { person: 'title', connector: 'title', allowNull: true },
    { person: 'phone', connector: 'phone', allowNull: true },
  ],
  provision: {
    when: '!has(object.title) || object.title != "left"',
    dn: '"CN=" + object.employeeId + ",OU=default"',
    objectClasses: ['person'],
  },
  deprovision: 'delete',
  runProfiles: (['export', 'full-import-delta-sync'] as const).map((type) => ({
    name: type,
    steps: [{ type }],
  })),
} as const;

export function exportScene(input: object, password?: string): ExportScene {
  const source = draftAgent({
    name: 'hr',
    project: true,
    flow: ['id=employeeId', 'mail=mail', 'title=title', 'phone=phone'],
  });
  const target = agentSchema.parse({ id: crypto.randomUUID(), name: 'target', ...exportRules, ...input });
  const credentials = async (): Promise<SecretBytes> =>
    SecretBytes.copy(new TextEncoder().encode(password ?? ''));
  const tryCredentials = async (): Promise<SecretBytes | undefined> =>
    password === undefined ? undefined : await credentials();
  const world = new IdentityWorld(
    [source, target],
    (agent) =>
      agent.id === target.id
        ? importSourceOf(agent, { credentials, tryCredentials, now: () => Date.now() })
        : world.directory(agent),
    undefined,
    (agent) => exportTargetOf(agent, { credentials, tryCredentials }),
  );
  const exportOnly: ExportScene['exportOnly'] = async (people) => {
    const directory = world.directory(source);
    for (const [id, attributes] of Object.entries(people))
      directory.set(id, `CN=${id},DC=hr`, { id: [id], ...attributes });
    await world.run(source, 'full-import-full-sync');
    const { result, run } = await world.run(target, 'export');
    return { result, words: world.runs.errorsOf(run, 10).map(({ word }) => word) };
  };
  return {
    world,
    target,
    exportOnly,
    async flowOut(people) {
      expect(await exportOnly(people)).toEqual({ result: 'success', words: [] });
      const { result } = await world.run(target, 'full-import-delta-sync');
      expect(result).toBe('success');
    },
  };
}

/** Tables that people are written to, for whoever administers the server. */
export function exportTables(grantee: string): string {
  return `CREATE TABLE staff (id varchar(64) PRIMARY KEY, mail varchar(64) NOT NULL UNIQUE, title varchar(64));
CREATE TABLE contact (id varchar(64), attribute varchar(64), value varchar(64));
GRANT SELECT, INSERT, UPDATE, DELETE ON staff TO ${grantee};
GRANT SELECT, INSERT, UPDATE, DELETE ON contact TO ${grantee};`;
}

/** The agent of these tables on a server, and the rows in them as the server's own tool shows them. */
export function staffOf(server: RunningSqlServer) {
  const { product, host, port, database, caFile, serviceUser: user } = server;
  const select = async (sql: string): Promise<readonly (readonly string[])[]> =>
    (await server.runSql(sql))
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => line.split('\t'));
  return {
    agent: {
      kind: product === 'mariadb' ? 'mysql' : product,
      connection: { host, port, database, user, caFile },
      table: 'staff',
      anchor: ['id'],
      multivalue: { table: 'contact', attributeColumn: 'attribute', valueColumn: 'value' },
    },
    rows: async (): Promise<Readonly<Record<string, Values>>> => {
      const phones = await select("SELECT id, value FROM contact WHERE attribute = 'phone' ORDER BY value;");
      const people = await select("SELECT id, mail, coalesce(title, '-') FROM staff;");
      return Object.fromEntries(
        people.map(([id = '', mail = '', title = '']) => {
          const phone = phones.filter(([whose]) => whose === id).map(([, value = '']) => value);
          return [
            id,
            { mail: [mail], ...(title !== '-' && { title: [title] }), ...(phone.length > 0 && { phone }) },
          ];
        }),
      );
    },
  };
}

/** Makes, changes and deletes people, and holds what the system has against what it should have. */
export async function expectPeopleWritten(
  { flowOut, world, target }: ExportScene,
  rows: () => Promise<Readonly<Record<string, Values>>>,
): Promise<void> {
  const kim = { mail: ["o'kim@fabrikam.lab"], title: ['Clerk'] };
  const lee = { mail: ['lee@fabrikam.lab'], phone: ['1', '22'] };
  await flowOut({ e1: kim, e2: lee });
  expect(await rows()).toEqual({ e1: kim, e2: lee });
  expect(world.exports.counts(target.id)).toEqual({ add: 0, update: 0, delete: 0 });
  expect(world.connectors.findByDn(target.id, 'CN=e1,OU=default')).toMatchObject({ link: 'provisioning' });
  await flowOut({ e1: { mail: ['kim@fabrikam.lab'] }, e2: { ...lee, phone: ['22'] } });
  expect(await rows()).toEqual({ e1: { mail: ['kim@fabrikam.lab'] }, e2: { ...lee, phone: ['22'] } });
  await flowOut({ e1: { ...kim, title: ['left'] } });
  expect(await rows()).toEqual({ e2: { ...lee, phone: ['22'] } });
}
