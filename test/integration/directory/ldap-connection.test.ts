import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { dirSync, dirSyncState } from '#directory/controls/dir-sync.ts';
import { manageDsaIt, showDeleted } from '#directory/controls/flags.ts';
import { syncDoneOf, syncInfoOf, syncRequest, syncStateOf } from '#directory/controls/sync.ts';
import { type LdapConnection, openLdap, type SearchRequest } from '#directory/ldap-connection.ts';
import type { LdapControl } from '#directory/ldap-control.ts';
import type { LdapResult } from '#directory/ldap-error.ts';
import { bytesOf, type SearchItem, textOf, textsOf } from '#directory/search-entry.ts';
import { people } from '#lab/people.ts';
import { activeDirectoryScene, ds389Scene, openLdapScene, secret } from '#test/password-scene.ts';
import { sharedLab } from '#test/shared-lab.ts';

const { samba, openldap, ds389 } = sharedLab();
const all = { scope: 'sub', filter: '(objectClass=*)' } as const;

async function collect(
  connection: LdapConnection,
  request: SearchRequest,
): Promise<{ readonly items: readonly SearchItem[]; readonly result: LdapResult }> {
  const items: SearchItem[] = [];
  const search = connection.search(request);
  for (;;) {
    const next = await search.next();
    if (next.done) return { items, result: next.value };
    items.push(next.value);
  }
}

describe('OpenLDAP', () => {
  const scene = openLdapScene(openldap);
  beforeAll(() => scene.open());
  afterAll(() => scene.close());

  const open = () => openLdap({ url: openldap.ldapsUrl, caFile: openldap.caFile, connectTimeout: 5000 });

  test('adds, compares, renames, modifies and deletes', async () => {
    const account = await scene.create('Before-the-set-1');
    const { admin } = scene;
    expect(await admin.compare(account.dn, 'sn', Buffer.from(account.name))).toBe(true);
    expect(await admin.compare(account.dn, 'sn', Buffer.from('other'))).toBe(false);
    const dn = await scene.rename(account, `${account.name},=+ "x"`.replaceAll(/[,=+"]/g, '\\$&'));
    await admin.modify(dn, [
      { operation: 'add', attribute: 'description', values: ['one', 'two'] },
      { operation: 'delete', attribute: 'description', values: ['one'] },
    ]);
    const [entry] = await admin.searchEntries({ ...all, base: dn, scope: 'base' });
    expect(entry === undefined ? [] : textsOf(entry, 'Description')).toEqual(['two']);
    await admin.delete(dn);
    await expect(admin.searchEntries({ ...all, base: dn, scope: 'base' })).rejects.toMatchObject({
      code: 32,
      result: { matchedDn: scene.unit },
    });
  });

  test('a hundred requests at once share one connection', async () => {
    const found = await Promise.all(
      people.map(({ account }) =>
        scene.admin.searchEntries({ base: openldap.peopleDn, scope: 'one', filter: `(uid=${account})` }),
      ),
    );
    expect(found.map(([entry]) => (entry === undefined ? undefined : textOf(entry, 'uid')))).toEqual(
      people.map(({ account }) => account),
    );
  });

  test('pages bring what one answer brings', async () => {
    const request = { base: openldap.peopleDn, scope: 'one', filter: '(objectClass=person)' } as const;
    const whole = await scene.admin.searchEntries(request);
    const paged = await scene.admin.searchEntries({ ...request, pageSize: 7 });
    // In another order: pages come by the server's own numbers.
    expect(paged.map(({ dn }) => dn).sort()).toEqual(whole.map(({ dn }) => dn).sort());
    expect(whole.length).toBeGreaterThanOrEqual(people.length);
  });

  test('the server’s limit ends a search with its code', async () => {
    await expect(
      scene.admin.searchEntries({ base: openldap.suffix, ...all, sizeLimit: 3 }),
    ).rejects.toMatchObject({ code: 4 });
  });

  test('a reader that leaves early abandons the search and keeps the connection', async () => {
    for await (const item of scene.admin.search({ base: openldap.suffix, ...all })) {
      expect(item.kind).toBe('entry');
      break;
    }
    expect(await scene.admin.searchEntries({ base: scene.unit, ...all, scope: 'base' })).toHaveLength(1);
  });

  test('a search inside a search does not wait for the reader of the outer one', async () => {
    let count = 0;
    for await (const item of scene.admin.search({ base: openldap.suffix, ...all })) {
      if (item.kind !== 'entry') continue;
      const inner = await scene.admin.searchEntries({ ...all, base: item.dn, scope: 'base', timeout: 5000 });
      count += inner.length;
    }
    expect(count).toBeGreaterThan(people.length);
  });

  test('a referral is told with its addresses, or read as an entry on demand', async () => {
    const dn = `ou=elsewhere,${scene.unit}`;
    const { admin } = scene;
    const controls = [manageDsaIt];
    await admin.add(
      dn,
      {
        objectClass: ['referral', 'extensibleObject'],
        ou: ['elsewhere'],
        ref: ['ldap://other.lab/ou=elsewhere'],
      },
      { controls },
    );
    await expect(admin.searchEntries({ ...all, base: dn })).rejects.toMatchObject({
      code: 10,
      result: { referrals: [expect.stringMatching(/^ldap:\/\/other\.lab\//)] },
    });
    const { items } = await collect(admin, { ...all, base: scene.unit });
    expect(items.filter(({ kind }) => kind === 'reference')).toHaveLength(1);
    expect(await admin.searchEntries({ ...all, base: dn, scope: 'base', controls })).toHaveLength(1);
    await admin.delete(dn, { controls });
  });

  test('root on the local socket needs no password', async () => {
    const connection = await openLdap({ url: openldap.ldapiUrl, connectTimeout: 5000 });
    expect(connection.secure).toBe(true);
    await connection.saslStep('EXTERNAL', new Uint8Array(0));
    const { value } = await connection.extended('1.3.6.1.4.1.4203.1.11.3', undefined);
    expect(Buffer.from(value ?? []).toString()).toBe(`dn:${openldap.adminDn}`);
    await connection.close();
  });

  test('an empty password or name never becomes an anonymous bind', async () => {
    const connection = await open();
    await expect(connection.bindSimple(openldap.adminDn, secret(''))).rejects.toMatchObject({
      kind: 'insecure',
    });
    await expect(connection.bindSimple('', secret('x'))).rejects.toMatchObject({ kind: 'insecure' });
    await connection.close();
  });

  test('a closed connection answers no more and comes not back', async () => {
    const connection = await open();
    const reasons: string[] = [];
    connection.onClose(({ message }) => reasons.push(message));
    await connection.close();
    await connection.close();
    await expect(connection.searchEntries({ ...all, base: '' })).rejects.toMatchObject({
      kind: 'closed',
      sent: false,
    });
    expect(reasons).toEqual(['The connection was closed here']);
  });

  test('a synchronization names what is new, changed and gone', async () => {
    const cookieOf = (controls: readonly LdapControl[], before?: Uint8Array) =>
      syncDoneOf(controls)?.cookie ?? before;
    const refresh = (cookie?: Uint8Array) =>
      collect(scene.admin, { ...all, base: scene.unit, controls: [syncRequest(cookie)] });
    const stays = await scene.create('Stays-where-it-is-1');
    const goes = await scene.create('Goes-away-soon-1');
    const first = await refresh();
    expect(first.items.filter(({ kind }) => kind === 'entry').length).toBeGreaterThanOrEqual(3);
    const cookie = cookieOf(first.result.controls);
    await scene.admin.delete(goes.dn);
    await scene.admin.modify(stays.dn, [{ operation: 'replace', attribute: 'description', values: ['new'] }]);
    const second = await refresh(cookie);
    const changed = second.items.filter((item) => item.kind === 'entry');
    const states = changed.map((entry) => [entry.dn, syncStateOf(entry)?.state]);
    const gone = second.items.flatMap((item) => {
      const info = item.kind === 'intermediate' ? syncInfoOf(item) : undefined;
      return info?.kind === 'ids' && info.deleted ? info.uuids : [];
    });
    expect(states).toContainEqual([stays.dn, expect.stringMatching(/add|modify/)]);
    const deleted = [
      ...gone.map((uuid) => Buffer.from(uuid).toString('hex')),
      ...changed
        .filter((entry) => syncStateOf(entry)?.state === 'delete')
        .map((entry) => Buffer.from(syncStateOf(entry)?.uuid ?? []).toString('hex')),
    ];
    expect(deleted).toContain(goes.connector.anchor.replaceAll('-', ''));
    const third = await refresh(cookieOf(second.result.controls, cookie));
    expect(third.items.filter(({ kind }) => kind === 'entry')).toHaveLength(0);
  });
});

describe('Active Directory', () => {
  const scene = activeDirectoryScene(samba);
  beforeAll(() => scene.open());
  afterAll(() => scene.close());

  test('a binary value finds its object', async () => {
    const account = await scene.create('Before-the-set-1');
    const [entry] = await scene.admin.searchEntries({
      ...all,
      base: account.dn,
      scope: 'base',
      attributes: ['objectGUID', 'objectSid'],
    });
    const guid = entry === undefined ? undefined : bytesOf(entry, 'objectGUID');
    const escaped = [...(guid ?? [])].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
    const found = await scene.admin.searchEntries({
      base: samba.baseDn,
      scope: 'sub',
      filter: `(objectGUID=${escaped})`,
      attributes: ['1.1'],
    });
    expect(found.map(({ dn }) => dn.toLowerCase())).toEqual([account.dn.toLowerCase()]);
  });

  test('a rule in a filter counts nested groups', async () => {
    const found = await scene.admin.searchEntries({
      base: samba.baseDn,
      scope: 'sub',
      filter: `(&(sAMAccountName=${samba.adminUser})(memberOf:1.2.840.113556.1.4.1941:=CN=Administrators,CN=Builtin,${samba.baseDn}))`,
      attributes: ['1.1'],
    });
    expect(found).toHaveLength(1);
  });

  test('DirSync names what is new, changed and gone since its cookie', async () => {
    const account = await scene.create('Before-the-set-1');
    const read = (cookie?: Uint8Array) =>
      collect(scene.admin, {
        base: samba.baseDn,
        scope: 'sub',
        filter: '(objectClass=user)',
        // Entries without any of these do not come.
        attributes: ['objectGUID', 'name', 'description', 'isDeleted'],
        controls: [dirSync(cookie, { asSystem: true })],
      });
    const full = await read();
    expect(full.items.length).toBeGreaterThan(people.length);
    const cookie = dirSyncState(full.result.controls)?.cookie;
    await scene.admin.modify(account.dn, [
      { operation: 'replace', attribute: 'description', values: ['new'] },
    ]);
    const delta = await read(cookie);
    const descriptions = delta.items.flatMap((item) =>
      item.kind === 'entry' ? textsOf(item, 'description') : [],
    );
    expect(descriptions).toEqual(['new']);
    await scene.admin.delete(account.dn);
    const gone = await read(dirSyncState(delta.result.controls)?.cookie);
    const flags = gone.items.flatMap((item) => (item.kind === 'entry' ? textsOf(item, 'isDeleted') : []));
    expect(flags).toEqual(['TRUE']);
    const tombstones = await scene.admin.searchEntries({
      base: samba.baseDn,
      scope: 'sub',
      filter: `(&(isDeleted=TRUE)(cn=${account.name}*))`,
      attributes: ['1.1'],
      controls: [showDeleted],
    });
    expect(tombstones).toHaveLength(1);
  });

  test('a wrong cookie and a base that is no naming context are refused, not believed', async () => {
    const read = (base: string, cookie?: Uint8Array) =>
      collect(scene.admin, { ...all, base, controls: [dirSync(cookie, { asSystem: true })] });
    await expect(read(scene.unit)).rejects.toMatchObject({ name: 'LdapError' });
    await expect(read(samba.baseDn, Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ name: 'LdapError' });
  });
});

describe('389 Directory Server', () => {
  const scene = ds389Scene(ds389);
  beforeAll(() => scene.open());
  afterAll(() => scene.close());

  test('a synchronization brings every entry with its state', async () => {
    const account = await scene.create('Before-the-set-1');
    const { items } = await collect(scene.admin, {
      ...all,
      base: scene.unit,
      controls: [syncRequest(undefined)],
    });
    const states = items.flatMap((item) =>
      item.kind === 'entry' ? [[item.dn.toLowerCase(), syncStateOf(item)?.state]] : [],
    );
    expect(states).toContainEqual([account.dn.toLowerCase(), 'add']);
  });
});
