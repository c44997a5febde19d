import { expect } from 'vitest';

import { ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';
import type { CredentialDatabase, MappingId, NewMapping } from '#sso/ports.ts';
import type { NotificationQueue } from '#sso/synchronization/ports.ts';

import { applicationOf } from './sso-world.ts';

/** The two sides of the credential database that a rule is tried on. */
export interface CredentialRuleScene {
  readonly database: CredentialDatabase;
  readonly queue: NotificationQueue;
}

export interface CredentialRule {
  /** A sentence that is true of every implementation. */
  readonly name: string;
  readonly check: (scene: CredentialRuleScene) => Promise<void>;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

function mappingOf(application: string, windowsAccount: string, externalUser: string): NewMapping {
  return { application, windowsAccount, externalUser, enabled: false, disabledByAdministrator: false };
}

async function insertOne(database: CredentialDatabase, mapping: NewMapping): Promise<MappingId> {
  const [id] = await database.insertMappings([mapping]);
  if (id === undefined) throw new Error('Nothing was inserted');
  return id;
}

/** What every credential database keeps to, each on an empty one. */
export const credentialRules: readonly CredentialRule[] = [
  {
    name: 'names are found whatever the case of their ASCII letters, and keep their own',
    async check({ database: { applications, filters, adapters } }) {
      expect(
        await applications.insert([applicationOf({ name: 'Sales' }), applicationOf({ name: 'ÄRZTE' })]),
      ).toBe(true);
      expect((await applications.find('sALES'))?.name).toBe('Sales');
      expect(await applications.find('ärzte')).toBeUndefined();
      expect(
        await applications.insert([applicationOf({ name: 'New' }), applicationOf({ name: 'SALES' })]),
      ).toBe(false);
      expect((await applications.list()).map(({ name }) => name)).toEqual(['Sales', 'ÄRZTE']);
      expect(await filters.insert([ssoPasswordFilterSchema.parse({ name: 'Upper' })])).toBe(true);
      expect(
        await filters.update([ssoPasswordFilterSchema.parse({ name: 'upper', description: 'all' })]),
      ).toBe(true);
      expect((await filters.find('UPPER'))?.description).toBe('all');
      expect(await filters.update([ssoPasswordFilterSchema.parse({ name: 'Lower' })])).toBe(false);
      const adapter = ssoAdapterSchema.parse({
        name: 'Dir',
        computer: 'a.fabrikam.lab',
        administrators: ['A\\b'],
        users: ['A\\b'],
      });
      expect(await adapters.insert([adapter])).toBe(true);
      expect(await adapters.delete('DIR')).toBe(true);
      expect(await adapters.delete('DIR')).toBe(false);
    },
  },
  {
    name: 'an update of several definitions happens whole or not at all',
    async check({ database: { applications } }) {
      await applications.insert([applicationOf({ name: 'A' }), applicationOf({ name: 'B' })]);
      const changed = [
        applicationOf({ name: 'A', contact: 'x' }),
        applicationOf({ name: 'C', contact: 'x' }),
      ];
      expect(await applications.update(changed)).toBe(false);
      expect((await applications.find('A'))?.contact).toBe('');
    },
  },
  {
    name: 'an Individual application has each side once, a Group its Windows accounts, a Host Group its external ones',
    async check({ database }) {
      await database.applications.insert([
        applicationOf({ name: 'One' }),
        applicationOf({ name: 'Many', type: 'group' }),
        applicationOf({ name: 'Host', type: 'host-group' }),
      ]);
      await database.insertMappings([
        mappingOf('one', 'FAB\\jdoe', 'jd'),
        mappingOf('Many', 'FAB\\Sales', 'shared'),
        mappingOf('Host', 'FAB\\jdoe', 'h1'),
      ]);
      const refused = async (event: number, mapping: NewMapping): Promise<void> =>
        await expect(database.insertMappings([mapping])).rejects.toMatchObject({ event });
      await refused(11045, mappingOf('One', 'fab\\JDOE', 'other'));
      await refused(11046, mappingOf('One', 'FAB\\mary', 'jd'));
      await refused(11045, mappingOf('Many', 'FAB\\SALES', 'other'));
      await refused(11046, mappingOf('Host', 'FAB\\jdoe', 'h1'));
      await refused(10756, mappingOf('None', 'FAB\\jdoe', 'jd'));
      await database.insertMappings([
        mappingOf('One', 'FAB\\mary', 'JD'),
        mappingOf('Many', 'FAB\\Clerks', 'shared'),
        mappingOf('Host', 'FAB\\jdoe', 'h2'),
      ]);
      expect(await database.countMappings('ONE')).toBe(2);
    },
  },
  {
    name: 'mappings are inserted all or none',
    async check({ database }) {
      await database.applications.insert([applicationOf({ name: 'One' })]);
      const two = [mappingOf('One', 'FAB\\a', 'a'), mappingOf('One', 'FAB\\A', 'b')];
      await expect(database.insertMappings(two)).rejects.toMatchObject({ event: 11045 });
      expect(await database.countMappings('One')).toBe(0);
    },
  },
  {
    name: 'mappings are changed together: deleted first, and all or none',
    async check({ database }) {
      await database.applications.insert([applicationOf({ name: 'One' })]);
      const [first = 0, second = 0] = await database.insertMappings([
        mappingOf('One', 'FAB\\a', 'a'),
        mappingOf('One', 'FAB\\b', 'b'),
      ]);
      const state = { id: second, enabled: true, disabledByAdministrator: true };
      const refused = { deleted: [first], inserted: [mappingOf('One', 'FAB\\b', 'c')], states: [state] };
      await expect(database.changeMappings(refused)).rejects.toMatchObject({ event: 11045 });
      expect((await database.listMappings({})).map(({ id, enabled }) => [id, enabled])).toEqual([
        [first, false],
        [second, false],
      ]);
      const taken = { ...refused, inserted: [mappingOf('One', 'FAB\\a', 'c')] };
      await database.changeMappings(taken);
      expect(await database.listMappings({})).toMatchObject([
        state,
        { windowsAccount: 'FAB\\a', externalUser: 'c' },
      ]);
    },
  },
  {
    name: 'mappings are listed by application, Windows account and external user, in the order of their making',
    async check({ database }) {
      await database.applications.insert([applicationOf({ name: 'One' }), applicationOf({ name: 'Two' })]);
      const ids = await database.insertMappings([
        mappingOf('One', 'FAB\\a', 'ea'),
        mappingOf('Two', 'FAB\\A', 'ea'),
        mappingOf('One', 'FAB\\b', 'eb'),
      ]);
      const list = async (filter: Parameters<CredentialDatabase['listMappings']>[0]) =>
        (await database.listMappings(filter)).map(({ id }) => ids.indexOf(id));
      expect(await list({})).toEqual([0, 1, 2]);
      expect(await list({ applications: ['oNE'] })).toEqual([0, 2]);
      expect(await list({ applications: [] })).toEqual([]);
      expect(await list({ applications: ['One', 'Two'], windowsAccount: 'fab\\A' })).toEqual([0, 1]);
      expect(await list({ externalUser: 'EA' })).toEqual([]);
      expect(await list({ externalUser: 'ea', after: ids[0] ?? 0 })).toEqual([1]);
      expect(await list({ limit: 2 })).toEqual([0, 1]);
      expect(await database.findMapping(ids[1] ?? 0)).toEqual({
        id: ids[1],
        ...mappingOf('Two', 'FAB\\A', 'ea'),
      });
      expect(
        await database.setMappingState(ids[1] ?? 0, { enabled: true, disabledByAdministrator: false }),
      ).toBe(true);
      expect((await database.findMapping(ids[1] ?? 0))?.enabled).toBe(true);
    },
  },
  {
    name: 'a credential is written only behind the version before it, and goes with its mapping and its application',
    async check({ database }) {
      await database.applications.insert([applicationOf({ name: 'One' })]);
      const id = await insertOne(database, mappingOf('One', 'FAB\\a', 'a'));
      const write = (version: number, byte: number) =>
        database.writeCredential(id, 'external', { sealed: bytes(byte), version, changedAt: 5 });
      expect(await write(2, 2)).toBe(false);
      expect(await database.listCredentialed({ after: 0, limit: 5 })).toEqual([]);
      expect(await write(1, 1)).toBe(true);
      expect(await database.listCredentialed({ after: 0, limit: 5 })).toEqual([id]);
      expect(await database.listCredentialed({ after: id, limit: 5 })).toEqual([]);
      expect(await write(1, 9)).toBe(false);
      expect(await write(2, 2)).toBe(true);
      expect(await write(4, 9)).toBe(false);
      const stored = await database.readCredential(id, 'external');
      expect({ ...stored, sealed: [...(stored?.sealed ?? [])] }).toEqual({
        sealed: [2],
        version: 2,
        changedAt: 5,
      });
      expect(await database.readCredential(id, 'windows')).toBeUndefined();
      expect(await database.deleteCredential(id, 'windows')).toBe(false);
      expect(await database.deleteMappings([id, id + 1000])).toBe(1);
      expect(await database.readCredential(id, 'external')).toBeUndefined();
      expect(await write(1, 1)).toBe(false);
      const next = await insertOne(database, mappingOf('One', 'FAB\\a', 'a'));
      expect(next).toBeGreaterThan(id);
      await database.writeCredential(next, 'external', { sealed: bytes(1), version: 1, changedAt: 1 });
      expect(await database.applications.delete('ONE')).toBe(true);
      expect(await database.findMapping(next)).toBeUndefined();
      expect(await database.readCredential(next, 'external')).toBeUndefined();
    },
  },
  {
    name: 'of several writers of one credential exactly one wins each version',
    async check({ database }) {
      await database.applications.insert([applicationOf({ name: 'One' })]);
      const id = await insertOne(database, mappingOf('One', 'FAB\\a', 'a'));
      for (const version of [1, 2, 3]) {
        const wins = await Promise.all(
          [1, 2, 3, 4, 5].map((byte) =>
            database.writeCredential(id, 'external', { sealed: bytes(byte), version, changedAt: byte }),
          ),
        );
        expect(wins.filter(Boolean)).toHaveLength(1);
      }
    },
  },
  {
    name: 'a notification takes the place of older ones of its account, and an older one is not queued behind it',
    async check({ queue }) {
      const add = (externalUser: string, changedAt: number, held: readonly number[] = []) =>
        queue.add(
          {
            trackingId: `t${changedAt}`,
            adapter: 'Dir',
            application: 'One',
            windowsAccount: 'FAB\\a',
            externalUser,
            changedAt,
            queuedAt: 100,
            sealed: bytes(changedAt),
          },
          new Set(held),
        );
      expect(await add('a', 10)).toEqual([]);
      expect(await add('a', 5)).toBeUndefined();
      expect((await add('a', 20))?.map(({ changedAt }) => changedAt)).toEqual([10]);
      expect(await add('A', 1)).toEqual([]);
      const [first] = await queue.due('dIR', 100, 1, new Set());
      expect(first).toMatchObject({ adapter: 'Dir', externalUser: 'A', attempts: 0, nextAttemptAt: 100 });
      expect(
        (await queue.due('Dir', 100, 5, new Set(['A']))).map(({ externalUser }) => externalUser),
      ).toEqual(['a']);
      expect(await queue.due('Dir', 99, 5, new Set())).toEqual([]);
      const held = first?.id ?? 0;
      await queue.attempted(held, 1, 500);
      expect(await queue.nextDueAt('Dir', 100)).toBe(500);
      expect(await queue.nextDueAt('Dir', 500)).toBeUndefined();
      expect(await add('A', 2, [held])).toEqual([]);
      expect((await queue.waitingFor('DIR', 'A')).map(({ changedAt }) => changedAt)).toEqual([1, 2]);
      expect([...((await queue.find(held))?.sealed ?? [])]).toEqual([1]);
      expect(await queue.count('Dir')).toBe(3);
      expect(await queue.remove(held)).toBe(true);
      expect(await queue.remove(held)).toBe(false);
      expect(await queue.clear('dir')).toBe(2);
    },
  },
];
