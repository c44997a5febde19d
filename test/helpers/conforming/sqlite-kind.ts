import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { OpenPasswordTarget } from '#agents/password-target-of.ts';
import { type Agent, agentSchema } from '#shared/model/agent.ts';

import { accountOf } from './account-of.ts';
import type { ConformingKind, Way } from './conforming-kind.ts';
import { targetWithoutSignIn } from './target-without-sign-in.ts';

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
      const target = targetWithoutSignIn(agentOf(way));
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
