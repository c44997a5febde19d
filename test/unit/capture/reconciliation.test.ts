import { afterEach, beforeEach, expect, test } from 'vitest';

import { PasswordLedger } from '#capture/password-ledger.ts';
import { Reconciliation } from '#capture/reconciliation.ts';

import { type CaptureWorld, createCaptureWorld, guidOf } from './capture-world.ts';

let world: CaptureWorld;
let ledger: PasswordLedger;
let reconciliation: Reconciliation;
let changes: string[];
let watched: Set<string>;
let invocationId: string;

beforeEach(async () => {
  world = await createCaptureWorld();
  ledger = new PasswordLedger(world.database);
  changes = [];
  watched = new Set();
  invocationId = 'first copy';
  reconciliation = new Reconciliation({
    feed: {
      // A bookmark counts the changes seen; pages hold two.
      readChanges: async (bookmark) => {
        const from = bookmark?.[0] ?? 0;
        const guids = changes.slice(from, from + 2);
        const end = from + guids.length;
        return { guids, bookmark: Uint8Array.of(end), more: end < changes.length };
      },
      listVersions: async () =>
        [...world.domain.accounts.values()].map(({ guid, password }) => ({
          guid,
          version: password?.version ?? 0,
        })),
    },
    reader: world.domain,
    ledger,
    watch: { isWatching: (account) => watched.has(account) },
    log: world.log.write,
    identify: async () => ({ domain: 'FABRIKAM', server: 'dc1.fabrikam.lab', invocationId }),
  });
});
afterEach(() => world.close());

function change(account: string, version: number, fields = {}): void {
  world.domain.put(account, version, world.clock.now(), fields);
  changes.push(guidOf(account));
}

const missed = () => world.events.filter(({ number }) => number === 7001).map(({ account }) => account);

test('what there is at the first look is taken note of, not reported', async () => {
  change('old', 7);
  await reconciliation.check();
  await reconciliation.check();
  expect(missed()).toEqual([]);
  expect(ledger.versionOf(guidOf('old'))).toBe(7);
});

test('a committed change that was not captured is 7001, once, naming account and domain controller', async () => {
  change('jdoe', 3);
  await reconciliation.check();
  change('jdoe', 4);
  await reconciliation.check();
  await reconciliation.check();
  expect(missed()).toEqual(['jdoe']);
  expect(world.events[0]?.message).toContain('FABRIKAM\\jdoe was changed on dc1.fabrikam.lab');
});

test('a captured change is not reported', async () => {
  change('jdoe', 3);
  await reconciliation.check();
  change('jdoe', 4);
  await ledger.record([{ guid: guidOf('jdoe'), version: 4 }]);
  await reconciliation.check();
  expect(missed()).toEqual([]);
});

test('a change that is not decided yet is looked at again', async () => {
  await reconciliation.check();
  change('jdoe', 4);
  watched.add('jdoe');
  await reconciliation.check();
  expect(missed()).toEqual([]);
  watched.clear();
  await reconciliation.check();
  expect(missed()).toEqual(['jdoe']);
});

test('what replication brought from another domain controller is not blamed on this one', async () => {
  change('jdoe', 3);
  await reconciliation.check();
  change('jdoe', 4, { password: { version: 4, isLocal: false, at: world.clock.now() } });
  await reconciliation.check();
  change('jdoe', 5);
  await reconciliation.check();
  expect(missed()).toEqual(['jdoe']);
  expect(ledger.versionOf(guidOf('jdoe'))).toBe(5);
});

test('an account made without a password and a computer are not reported', async () => {
  await reconciliation.check();
  change('empty', 1, { passwordLastSet: 0 });
  change('pc1', 2, { userAccountControl: 0x1000 });
  await reconciliation.check();
  expect(missed()).toEqual([]);
});

test('an account made with a password that nobody captured is reported', async () => {
  await reconciliation.check();
  change('new', 2);
  await reconciliation.check();
  expect(missed()).toEqual(['new']);
});

test('many changes are read page by page and each is judged', async () => {
  await reconciliation.check();
  for (const account of ['a', 'b', 'c', 'd', 'e']) change(account, 2);
  await reconciliation.check();
  expect(missed()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a directory that fails in between loses nothing', async () => {
  await reconciliation.check();
  for (const account of ['a', 'b', 'c']) change(account, 2);
  world.domain.down = true;
  await expect(reconciliation.check()).rejects.toThrow();
  world.domain.down = false;
  await reconciliation.check();
  expect(missed()).toEqual(['a', 'b', 'c']);
});

test('a domain controller restored from a backup is looked at afresh', async () => {
  change('jdoe', 3);
  await reconciliation.check();
  invocationId = 'restored copy';
  await reconciliation.check();
  expect(missed()).toEqual([]);
  change('jdoe', 4);
  await reconciliation.check();
  expect(missed()).toEqual(['jdoe']);
});
