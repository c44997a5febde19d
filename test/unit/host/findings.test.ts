import { expect, test } from 'vitest';

import { findFindings, type HealthState } from '#host/health/find-findings.ts';
import { findMissingModules } from '#host/health/native-modules.ts';
import { agentIdSchema } from '#shared/model/change.ts';
import { configurationSchema } from '#shared/model/configuration.ts';

const now = 1_700_000_000_000;
const minute = 60_000;
const day = 86_400_000;
const id = agentIdSchema.parse('22222222-2222-4222-8222-222222222222');
const configuration = configurationSchema.parse({
  version: 1,
  passwordSync: { enabled: true },
  agents: [
    {
      id,
      name: 'HR',
      kind: 'ldap',
      connection: { url: 'ldaps://hr', authentication: { method: 'simple', user: 'cn=admin' } },
      partitions: [{ dn: 'dc=hr' }],
      password: { enabled: true },
    },
  ],
});

const healthy: HealthState = {
  now,
  configuration,
  depths: [],
  controllers: [],
  channel: { state: 'listening' },
  remote: { state: 'off' },
  lastKeyBackupAt: now - day,
  keysCreatedAt: now - 10 * day,
  hasCredential: () => true,
  open: [],
  disk: { path: '/var/lib/carillon', freeBytes: 1e9 },
};
const depth = { target: id, waiting: 3, parked: 0, oldestReceivedAt: now - minute };
const controller = {
  server: 'DC1',
  domain: 'FABRIKAM',
  firstSeenAt: now - day,
  lastHeartbeatAt: now - minute,
  capture: 'alive' as const,
};

test('a healthy server has no finding', () => {
  expect(findFindings({ ...healthy, depths: [depth], controllers: [controller] })).toEqual([]);
});

test.each<[what: string, state: Partial<HealthState>, severity: string, subject: string, words: RegExp]>([
  [
    'a failed channel',
    { channel: { state: 'failed', detail: 'port in use' } },
    'error',
    'Channel',
    /port in use/,
  ],
  ['a silent target', { open: [id], depths: [depth] }, 'error', 'HR', /does not answer; 3 deliveries/],
  [
    'a queue that has used up half of its time',
    { depths: [{ ...depth, oldestReceivedAt: now - 1.6 * day }] },
    'warning',
    'HR',
    /half of its time/,
  ],
  ['parked deliveries', { depths: [{ ...depth, parked: 2 }] }, 'warning', 'HR', /2 deliveries are parked/],
  ['a missing password', { hasCredential: () => false }, 'error', 'HR', /no password/],
  [
    'a controller without heartbeat',
    { controllers: [{ ...controller, capture: 'silent', lastHeartbeatAt: now - 90 * minute }] },
    'error',
    'DC1',
    /No heartbeat for 90 minutes/,
  ],
  [
    'a domain controller without capture',
    { controllers: [{ server: 'DC2', domain: 'FABRIKAM', capture: 'missing' }] },
    'error',
    'DC2',
    /without capture: password changes made there are lost/,
  ],
  [
    'a clock that drifts',
    { controllers: [{ ...controller, clockDifference: -200_000 }] },
    'warning',
    'DC1',
    /200 seconds behind/,
  ],
  [
    'a clock that is off',
    { controllers: [{ ...controller, clockDifference: 301_000 }] },
    'error',
    'DC1',
    /301 seconds ahead/,
  ],
  [
    'a disk that is nearly full',
    { disk: { path: '/data', freeBytes: 3_500_000 } },
    'error',
    'Disk',
    /holds \/data has 3 MiB left/,
  ],
  ['keys never backed up', { lastKeyBackupAt: undefined }, 'warning', 'Keys', /never backed up/],
  ['an old backup', { lastKeyBackupAt: now - 31 * day }, 'warning', 'Keys', /31 days old/],
])('%s is found, with what to do about it', (_, state, severity, subject, words) => {
  const findings = findFindings({ ...healthy, ...state });
  expect(findings).toHaveLength(1);
  expect(findings).toMatchObject([
    {
      severity,
      subject,
      message: expect.stringMatching(words),
      fix: expect.stringMatching(/.{10}/),
    },
  ]);
});

test('a finding leads to where it is mended', () => {
  const placeOf = (state: Partial<HealthState>) => findFindings({ ...healthy, ...state })[0]?.place;
  expect(placeOf({ open: [id] })).toEqual({ kind: 'agent', agent: id });
  expect(placeOf({ hasCredential: () => false })).toEqual({
    kind: 'setting',
    path: 'agents[0].connection',
  });
  expect(placeOf({ controllers: [{ ...controller, clockDifference: 301_000 }] })).toEqual({
    kind: 'controllers',
  });
});

test('the worst comes first', () => {
  const findings = findFindings({ ...healthy, lastKeyBackupAt: undefined, open: [id] });
  expect(findings.map(({ severity }) => severity)).toEqual(['error', 'warning']);
});

test('a vault of today has a day for its first backup', () => {
  expect(findFindings({ ...healthy, lastKeyBackupAt: undefined, keysCreatedAt: now - minute })).toEqual([]);
});

test('a missing native module matters as much as the configuration asks of it', () => {
  const modules = [{ name: 'kerberos', available: false, cost: 'no channel', fix: 'npm rebuild kerberos' }];
  expect(findMissingModules(modules, new Set())[0]?.severity).toBe('information');
  expect(findMissingModules(modules, new Set(['kerberos']))[0]?.severity).toBe('error');
});
