import { expect, test } from 'vitest';

import { knownControllers } from '#host/known-controllers.ts';

const now = Date.UTC(2026, 0, 1);
const minute = 60_000;

test('a domain controller that the directory names and nobody heard of has no capture', () => {
  const heard = [
    { server: 'dc1.fabrikam.lab', domain: 'FABRIKAM', firstSeenAt: 0, lastHeartbeatAt: now - minute },
    { server: 'DC3', domain: 'FABRIKAM', firstSeenAt: 0, lastChangeAt: now - 61 * minute },
  ];
  const named = ['DC1', 'dc2.fabrikam.lab', 'dc3.fabrikam.lab'].map((server) => ({
    server,
    domain: 'FABRIKAM',
  }));
  expect(knownControllers(heard, named, now).map(({ server, capture }) => [server, capture])).toEqual([
    ['dc1.fabrikam.lab', 'alive'],
    ['dc2.fabrikam.lab', 'missing'],
    ['DC3', 'silent'],
  ]);
});

test('controllers of different domains may have the same name', () => {
  const heard = [{ server: 'DC1', domain: 'FABRIKAM', firstSeenAt: now }];
  const named = [{ server: 'dc1.northwind.lab', domain: 'NORTHWIND' }];
  expect(knownControllers(heard, named, now)).toHaveLength(2);
});
