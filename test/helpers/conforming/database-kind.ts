import { randomUUID } from 'node:crypto';

import { createPasswordTarget, type OpenPasswordTarget } from '#agents/password-target-of.ts';
import type { RunningSqlServer } from '#lab/sql-server.ts';
import { type Agent, agentSchema } from '#shared/model/agent.ts';

import { FaultyLink } from '../faulty-link.ts';
import { secret } from '../password-scene.ts';
import { accountOf } from './account-of.ts';
import type { ConformingKind, Way } from './conforming-kind.ts';

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
      return accountOf(agentOf(), 'a1');
    },
    get missing() {
      return accountOf(agentOf(), 'nobody');
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
