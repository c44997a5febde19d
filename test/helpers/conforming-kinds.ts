import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { createPasswordTarget, type OpenPasswordTarget } from '#agents/password-target-of.ts';
import type { Connector } from '#engine/join-table.ts';
import type { RunningSqlServer } from '#lab/sql-server.ts';
import { type Agent, agentSchema } from '#shared/model/agent.ts';

import { type Fault, FaultyLink } from './faulty-link.ts';
import { type PasswordScene, secret } from './password-scene.ts';

export type Way = 'denied' | 'insecure';

/** One kind of management agent with an account of its own, and what can go wrong on the way to it. */
export interface ConformingKind {
  open(): Promise<void>;
  close(): Promise<void>;
  target(way?: Way): OpenPasswordTarget;
  /** The agent, for kinds whose connection test needs no lab. */
  agent?(way?: Way): Agent;
  readonly known: Connector;
  readonly missing: Connector;
  /** Whether the password is right, found out without the product. */
  proves(password: string): Promise<boolean>;
  fault(fault: Fault): Promise<void>;
  /** Cuts the links that are open. */
  cut(): void;
}

const first = 'Conform-First-0!';

function connectorOf(agent: Agent, anchor: string): Connector {
  const at = { id: 1, agent: agent.id, partition: 'OU=default', objectType: 'person' };
  return {
    ...at,
    dn: `CN=${anchor},OU=default`,
    anchor,
    person: undefined,
    incoming: undefined,
    outgoing: undefined,
  };
}

/** A directory of the shared lab, over a wire of its own. */
export function directoryKind(scene: PasswordScene): ConformingKind {
  const url = new URL(scene.server.ldapsUrl);
  const link = new FaultyLink({ host: url.hostname, port: Number(url.port || '636') });
  let account: Awaited<ReturnType<PasswordScene['create']>>;
  let other: Awaited<ReturnType<PasswordScene['create']>>;
  let missing: Connector;
  return {
    async open() {
      await link.open();
      await scene.open();
      account = await scene.create(first);
      other = await scene.create(first);
      const gone = await scene.create(first);
      await scene.admin.delete(gone.dn);
      missing = gone.connector;
    },
    async close() {
      await scene.close();
      await link.close();
    },
    target(way) {
      const scheme = way === 'insecure' ? 'ldap' : 'ldaps';
      return scene.target({
        connection: { url: `${scheme}://127.0.0.1:${link.port}`, serverName: url.hostname },
        ...(way === 'denied' && { user: other.dn, userPassword: first }),
      });
    },
    get known() {
      return account.connector;
    },
    get missing() {
      return missing;
    },
    proves: (password) => scene.binds(account.dn, password),
    fault: (fault) => link.set(fault),
    cut: () => link.cut(),
  };
}

const hashed = "encode(sha256(convert_to(%, 'UTF8')), 'hex')";
const pgHash = (text: string): string => hashed.replace('%', text);

/** What a database agent of the lab does, by statements or by procedures. */
export type SqlWay = 'statement' | 'procedure';

export const postgresqlTables = `
CREATE TABLE people (id text PRIMARY KEY, password text NOT NULL);
INSERT INTO people VALUES ('a1', '');
CREATE SCHEMA closed;
CREATE TABLE closed.people (id text PRIMARY KEY, password text);
INSERT INTO closed.people VALUES ('a1', '');
GRANT SELECT, UPDATE ON people TO svc_carillon;
GRANT USAGE ON SCHEMA closed TO svc_carillon;
GRANT SELECT ON closed.people TO svc_carillon;
CREATE FUNCTION hash_password(password text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF length(password) < 8 THEN RAISE EXCEPTION 'policy-violation: too short'; END IF;
  RETURN ${pgHash('password')};
END $$;
CREATE PROCEDURE set_password(person text, word text) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE people SET password = hash_password(word) WHERE id = person;
  IF NOT FOUND THEN RAISE EXCEPTION 'object-not-found: nobody'; END IF;
END $$;
CREATE PROCEDURE change_password(person text, old text, word text) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE people SET password = hash_password(word) WHERE id = person AND password = ${pgHash('old')};
  IF NOT FOUND THEN RAISE EXCEPTION 'wrong-password: no'; END IF;
END $$;`;

export const mariadbTables = `
CREATE TABLE people (id varchar(64) PRIMARY KEY, password varchar(64) NOT NULL);
INSERT INTO people VALUES ('a1', '');
CREATE DATABASE closed;
CREATE TABLE closed.people (id varchar(64) PRIMARY KEY, password varchar(64));
INSERT INTO closed.people VALUES ('a1', '');
DELIMITER //
CREATE FUNCTION hash_password(word varchar(255)) RETURNS varchar(64) DETERMINISTIC
BEGIN
  IF char_length(word) < 8 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'policy-violation: too short'; END IF;
  RETURN sha2(word, 256);
END//
CREATE PROCEDURE set_password(person varchar(64), word varchar(255))
BEGIN
  UPDATE people SET password = hash_password(word) WHERE id = person;
  IF row_count() = 0 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'object-not-found: nobody'; END IF;
END//
CREATE PROCEDURE change_password(person varchar(64), old varchar(255), word varchar(255))
BEGIN
  UPDATE people SET password = hash_password(word) WHERE id = person AND password = sha2(old, 256);
  IF row_count() = 0 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'wrong-password: no'; END IF;
END//
DELIMITER ;
GRANT SELECT, UPDATE ON lab.people TO 'svc_carillon'@'%';
GRANT SELECT ON closed.people TO 'svc_carillon'@'%';
GRANT EXECUTE ON lab.* TO 'svc_carillon'@'%';`;

/** A database server of one's own, over a wire of its own. */
export function databaseKind(server: () => RunningSqlServer, way: SqlWay): ConformingKind {
  let link = new FaultyLink({ host: '127.0.0.1', port: 0 });
  const targets: OpenPasswordTarget[] = [];
  const hash = (name: string): string =>
    server().product === 'postgresql' ? pgHash(name) : `sha2(${name}, 256)`;
  const agentOf = (how?: Way): Agent => {
    const { product, host, database, caFile, serviceUser } = server();
    const table = how === 'denied' ? 'closed.people' : 'people';
    const call = (procedure: string, ...parameters: string[]) => ({ procedure, parameters });
    const verify = `SELECT 1 FROM people WHERE id = :anchor AND password = ${hash(':password')}`;
    return agentSchema.parse({
      id: randomUUID(),
      name: 'People',
      kind: product === 'mariadb' ? 'mysql' : product,
      connection: {
        host: '127.0.0.1',
        serverName: host,
        port: link.port,
        database,
        user: serviceUser,
        caFile,
        tls: how !== 'insecure',
      },
      table,
      anchor: ['id'],
      passwordMethod:
        way === 'procedure' && how !== 'denied'
          ? {
              method: 'procedure',
              set: call('set_password', ':anchor', ':password'),
              change: call('change_password', ':anchor', ':oldPassword', ':password'),
              verify,
            }
          : {
              method: 'statement',
              set: `UPDATE ${table} SET password = hash_password(:password) WHERE id = :anchor`,
              change: `UPDATE ${table} SET password = hash_password(:password) WHERE id = :id AND password = ${hash(':oldPassword')}`,
              verify,
            },
      password: { enabled: true, requireSecureConnection: true },
    });
  };
  return {
    agent: agentOf,
    async open() {
      link = new FaultyLink({ host: server().host, port: server().port });
      await link.open();
    },
    async close() {
      await Promise.all(targets.map((target) => target.close()));
      await link.close();
    },
    target(how) {
      const agent = agentOf(how);
      const target = createPasswordTarget(
        agent,
        async () => secret(server().servicePassword),
        async () => secret(server().servicePassword),
      );
      targets.push(target);
      return target;
    },
    get known() {
      return connectorOf(agentOf(), 'a1');
    },
    get missing() {
      return connectorOf(agentOf(), 'nobody');
    },
    async proves(password) {
      const literal = `'${password.replaceAll("'", "''")}'`;
      const found = await server().runSql(
        `SELECT count(*) FROM people WHERE id = 'a1' AND password = ${hash(literal)};`,
      );
      return found.trim() === '1';
    },
    fault: (fault) => link.set(fault),
    cut: () => link.cut(),
  };
}

/** A database in a file, with a trigger for its policy. */
export function sqliteKind(folder: () => string): ConformingKind {
  const path = (): string => join(folder(), 'people.db');
  const targets: OpenPasswordTarget[] = [];
  let lock: DatabaseSync | undefined;
  const agentOf = (way?: Way): Agent =>
    agentSchema.parse({
      id: randomUUID(),
      name: 'People',
      kind: 'sqlite',
      connection: { path: path() },
      table: way === 'denied' ? 'closed_people' : 'people',
      anchor: ['id'],
      passwordMethod: {
        method: 'statement',
        set: `UPDATE ${way === 'denied' ? 'closed_people' : 'people'} SET password = :password WHERE id = :anchor`,
        change: 'UPDATE people SET password = :password WHERE id = :anchor AND password = :oldPassword',
        verify: 'SELECT 1 FROM people WHERE id = :anchor AND password = :password',
      },
      password: { enabled: true },
    });
  return {
    async open() {
      mkdirSync(folder(), { recursive: true });
      const database = new DatabaseSync(path());
      database.exec(`CREATE TABLE people (id TEXT PRIMARY KEY, password TEXT);
        CREATE TABLE closed_people (id TEXT PRIMARY KEY, password TEXT);
        INSERT INTO people VALUES ('a1', ''); INSERT INTO closed_people VALUES ('a1', '');
        CREATE TRIGGER policy BEFORE UPDATE ON people WHEN length(NEW.password) < 8
          BEGIN SELECT RAISE(ABORT, 'policy-violation: too short'); END;
        CREATE TRIGGER closed BEFORE UPDATE ON closed_people
          BEGIN SELECT RAISE(ABORT, 'access-denied: not yours'); END;`);
      database.close();
    },
    async close() {
      await Promise.all(targets.map((target) => target.close()));
      lock?.close();
    },
    target(way) {
      const none = async () => undefined;
      const target = createPasswordTarget(
        agentOf(way),
        () => Promise.reject(new Error('Nobody signs in')),
        none,
      );
      targets.push(target);
      return target;
    },
    get known() {
      return connectorOf(agentOf(), 'a1');
    },
    get missing() {
      return connectorOf(agentOf(), 'nobody');
    },
    async proves(password) {
      const database = new DatabaseSync(path(), { readOnly: true });
      const row = database
        .prepare("SELECT password, typeof(password) AS type FROM people WHERE id = 'a1'")
        .get();
      database.close();
      return row?.['password'] === password && row['type'] === 'text';
    },
    async fault(fault) {
      lock?.close();
      lock = undefined;
      const aside = `${path()}.aside`;
      if (fault === 'down') renameSync(path(), aside);
      else if (fault === 'none') {
        try {
          renameSync(aside, path());
        } catch {
          // It is where it belongs.
        }
      } else if (fault === 'hang') {
        lock = new DatabaseSync(path());
        lock.exec('BEGIN EXCLUSIVE');
      }
    },
    cut: () => undefined,
  };
}

const samples = resolve('samples/extensions');

/** A sample extension, behind one that makes mistakes when it is told to. */
export function extensionKind(folder: () => string, kind: 'extension' | 'delimited'): ConformingKind {
  const targets: OpenPasswordTarget[] = [];
  const inFile = (name: string): string => join(folder(), name);
  const store = kind === 'extension' ? 'book.json' : 'passwd';
  const command =
    kind === 'extension'
      ? [process.execPath, join(samples, 'account-book.ts')]
      : [join(samples, 'htpasswd.sh')];
  const extension = () => ({
    command: process.execPath,
    arguments: [resolve('test/helpers/faulty-extension.ts'), inFile('word'), ...command],
    parameters: { file: inFile(store) },
  });
  const tell = (word: string): void => writeFileSync(inFile('word'), word);
  const agentOf = (): Agent =>
    agentSchema.parse({
      id: randomUUID(),
      name: 'People',
      kind,
      ...(kind === 'extension'
        ? { connection: extension() }
        : { connection: { path: inFile('people.csv') }, anchor: ['id'], passwordExtension: extension() }),
      password: { enabled: true, requireSecureConnection: true },
    });
  return {
    async open() {
      mkdirSync(folder(), { recursive: true });
      tell('');
      writeFileSync(inFile('passwd'), 'a1:x\n');
      chmodSync(inFile('passwd'), 0o600);
      const account = { type: 'person', attributes: {}, version: 1 };
      writeFileSync(inFile('book.json'), JSON.stringify({ version: 1, accounts: { a1: account } }));
    },
    async close() {
      await Promise.all(targets.map((target) => target.close()));
    },
    target(way) {
      if (way === 'denied') tell('say access-denied');
      if (way === 'insecure') tell('insecure');
      const none = async () => undefined;
      const target = createPasswordTarget(
        agentOf(),
        () => Promise.reject(new Error('Nobody signs in')),
        none,
      );
      targets.push(target);
      return target;
    },
    get known() {
      return connectorOf(agentOf(), 'a1');
    },
    get missing() {
      return connectorOf(agentOf(), 'nobody');
    },
    async proves(password) {
      const { createHash, scryptSync } = await import('node:crypto');
      if (kind === 'extension') {
        const { a1 } = JSON.parse(readFileSync(inFile('book.json'), 'utf8')).accounts;
        return scryptSync(password, Buffer.from(a1.salt, 'hex'), 32).toString('hex') === a1.hash;
      }
      const { spawnSync } = await import('node:child_process');
      const stored = readFileSync(inFile('passwd'), 'utf8').trim().split(':')[1] ?? '';
      const salt = stored.split('$')[2] ?? createHash('sha1').digest('hex');
      const made = spawnSync('openssl', ['passwd', '-6', '-salt', salt, '-stdin'], {
        input: password,
        encoding: 'utf8',
      });
      return made.stdout.trim() === stored;
    },
    async fault(fault) {
      const file = inFile(store);
      if (fault === 'down') renameSync(file, `${file}.aside`);
      else if (fault === 'none') {
        try {
          renameSync(`${file}.aside`, file);
        } catch {
          // It is where it belongs.
        }
      }
      tell(fault === 'hang' || fault === 'slow' ? fault : '');
    },
    cut: () => tell('crash'),
  };
}
