import fc from 'fast-check';
import { expect, test } from 'vitest';

import { statusOfOther } from '#host/sso/shared/server-report.ts';
import {
  isSameSettings,
  mergeSettings,
  type SharedSettings,
  sharedSettingsSchema,
} from '#host/sso/shared/shared-settings.ts';

const settingsOf = (system: object, servers: readonly object[] = []): SharedSettings =>
  sharedSettingsSchema.parse({ system, servers });

test('what two servers change at the same time stands side by side, and the later of two changes of one value wins', () => {
  const base = settingsOf({ ticketTimeout: 2 }, [{ name: 'A' }, { name: 'B' }]);
  const mine = settingsOf({ ticketTimeout: 5, passwordSync: { fromWindowsToAdapters: true } }, [
    { name: 'A', passwordSyncAge: 1 },
    { name: 'B' },
    { name: 'C' },
  ]);
  const theirs = settingsOf(
    { ticketTimeout: 9, enabled: true, passwordSync: { fromAdaptersToDatabase: true } },
    [{ name: 'A', stopped: true }, { name: 'D' }],
  );
  expect(mergeSettings(base, mine, theirs)).toEqual(
    settingsOf(
      {
        ticketTimeout: 5,
        enabled: true,
        passwordSync: { fromWindowsToAdapters: true, fromAdaptersToDatabase: true },
      },
      [{ name: 'A', passwordSyncAge: 1, stopped: true }, { name: 'D' }, { name: 'C' }],
    ),
  );
});

test('a value that was taken away stays away, and one that only the other changed is the other one', () => {
  const base = settingsOf({ masterSecretServer: 'a', administrators: ['X\\a'] });
  const mine = settingsOf({ administrators: ['X\\a'] });
  const theirs = settingsOf({ masterSecretServer: 'a', administrators: ['X\\b'] });
  expect(mergeSettings(base, mine, theirs)).toEqual(settingsOf({ administrators: ['X\\b'] }));
});

test('where only one side changed anything, the result is that side', () => {
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 });
  const servers = names.chain((list) =>
    fc.tuple(...list.map((name) => fc.record({ name: fc.constant(name), stopped: fc.boolean() }))),
  );
  const settings = fc
    .tuple(fc.record({ ticketTimeout: fc.integer({ min: 1, max: 3 }), enabled: fc.boolean() }), servers)
    .map(([system, list]) => settingsOf(system, list));
  fc.assert(
    fc.property(settings, settings, (base, changed) => {
      const byName = ({ system, servers: list }: SharedSettings): SharedSettings => ({
        system,
        servers: list.toSorted((left, right) => (left.name < right.name ? -1 : 1)),
      });
      expect(isSameSettings(byName(mergeSettings(base, changed, base)), byName(changed))).toBe(true);
      expect(isSameSettings(byName(mergeSettings(base, base, changed)), byName(changed))).toBe(true);
    }),
  );
});

test('the status of another server says what was asked of it, what it says, and whether it still says it', () => {
  const heard = (state: 'running' | 'stopped' | 'down', age = 0) => ({
    name: 'B',
    seenAt: 0,
    age,
    report: {
      state,
      version: '1',
      events: { information: 0, warning: 0, error: 0 },
      hasSecret: true,
      keepsSecret: false,
      pollInterval: 30,
    },
  });
  expect(statusOfOther({ stopped: false }, undefined, true)).toBe('Pending');
  expect(statusOfOther({ stopped: false }, heard('running'), true)).toBe('Online');
  expect(statusOfOther({ stopped: false }, heard('running'), false)).toBe('Offline');
  expect(statusOfOther({ stopped: true }, heard('running'), true)).toBe('Stop Pending');
  expect(statusOfOther({ stopped: true }, heard('stopped'), true)).toBe('Stopped');
  expect(statusOfOther({ stopped: false }, heard('stopped'), true)).toBe('Start Pending');
  expect(statusOfOther({ stopped: false }, heard('running', 90_001), true)).toBe('Offline');
  expect(statusOfOther({ stopped: false }, heard('down'), true)).toBe('Offline');
});
