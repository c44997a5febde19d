import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { probeKerberos } from '#lab/bind-probe.ts';
import { type PasswordChange, passwordChanges } from '#lab/password-changes.ts';
import { readProcess, stopInTracks } from '#lab/process-table.ts';

import {
  addUsualTarget,
  type CaptureDomain,
  createUser,
  startCaptureDomain,
  until,
} from './capture-domain.ts';
import { type CaptureProcess, type CaptureRecord, spawnCapture } from './spawn-capture.ts';

let captured: CaptureDomain;
let record: CaptureRecord;
let capture: CaptureProcess | undefined;
let serial = 0;

beforeAll(async () => {
  captured = await startCaptureDomain({ settings: { holdTime: 5 }, hook: { deadlineMs: 2000 } });
  await addUsualTarget(captured);
});
afterAll(() => captured.domain.stop());
beforeEach(async () => {
  record = { received: [], log: [] };
  setWhenAway('open');
  capture = await spawnCapture(captured, record);
});
afterEach(async () => {
  capture?.child.kill('SIGCONT');
  await capture?.stop();
});

/** What `carillon capture install` writes for this choice, to the hook and to the service. */
function setWhenAway(choice: 'open' | 'closed'): void {
  const { directory, configuration } = captured;
  const hook = configuration.hook.configuration;
  writeFileSync(hook, readFileSync(hook, 'utf8').replace(/when-away = \w+/, `when-away = ${choice}`));
  const settings = { ...configuration, hook: { ...configuration.hook, whenAway: choice } };
  writeFileSync(join(directory, 'capture.json'), JSON.stringify(settings));
}

/** Stops capture in its tracks: its socket stays open and nobody answers. */
function hang(): void {
  const running = readProcess(capture?.child.pid ?? -1);
  if (running === undefined) throw new Error('Capture does not run');
  stopInTracks(running);
}

async function restartWith(choice: 'open' | 'closed'): Promise<void> {
  await capture?.stop();
  setWhenAway(choice);
  capture = await spawnCapture(captured, record);
}

async function freshUser() {
  serial += 1;
  const user = await createUser(captured, `failing${serial}`, `Start-${serial}-Secret`);
  await until(() => record.received.some(({ password }) => password === user.oldPassword));
  record.received.length = 0;
  return user;
}

const passwords = () => record.received.map(({ password }) => password);
const missed = () => record.log.filter(({ number }) => number === 7001).map(({ account }) => account);
const reset = passwordChanges['ldap-reset'];
const logsOn = (account: string, password: string) => probeKerberos(captured.domain, account, password);

/** Every file below the data directory, that a password must not be found in. */
function stored(): Buffer {
  const { dataDirectory } = captured.configuration;
  const files = readdirSync(dataDirectory, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  return Buffer.concat(paths.map((path) => readFileSync(path)));
}

test('open, stopped: the change passes, and is reported as missed once capture runs again', async () => {
  const user = await freshUser();
  await capture?.stop();
  await reset(captured.domain, { ...user, newPassword: 'While-Stopped-1' });
  expect(await logsOn(user.account, 'While-Stopped-1')).toBe(true);
  capture = await spawnCapture(captured, record);
  await until(() => missed().length > 0);
  expect(missed()).toEqual([user.account]);
  expect(passwords()).toEqual([]);
});

test('closed, stopped: the change is refused', async () => {
  await restartWith('closed');
  const user = await freshUser();
  await capture?.stop();
  await expect(reset(captured.domain, { ...user, newPassword: 'While-Stopped-2' })).rejects.toThrow();
  expect(await logsOn(user.account, user.oldPassword)).toBe(true);
  capture = await spawnCapture(captured, record);
});

test('open, hung: the change passes after the deadline, and is captured or reported once capture goes on', async () => {
  const user = await freshUser();
  hang();
  const began = Date.now();
  await reset(captured.domain, { ...user, newPassword: 'While-Hung-1' });
  // Not for longer than Samba itself waits for its hooks: it would have refused the change.
  expect(Date.now() - began).toBeGreaterThan(1_900);
  capture?.child.kill('SIGCONT');
  await until(() => missed().includes(user.account) || passwords().includes('While-Hung-1'));
});

test('closed, hung: the change is refused after the deadline and never travels', async () => {
  await restartWith('closed');
  const user = await freshUser();
  hang();
  await expect(reset(captured.domain, { ...user, newPassword: 'While-Hung-2' })).rejects.toThrow();
  capture?.child.kill('SIGCONT');
  // What follows must not be taken for the change that was refused.
  await reset(captured.domain, { ...user, newPassword: 'After-Hung-2' });
  await until(() => passwords().includes('After-Hung-2'));
  expect(passwords()).toEqual(['After-Hung-2']);
});

test('closed, killed while the hook waits: the change is refused at once', async () => {
  await restartWith('closed');
  const user = await freshUser();
  hang();
  const result = expect(reset(captured.domain, { ...user, newPassword: 'Mid-Hook-1' })).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await capture?.kill();
  await result;
  capture = await spawnCapture(captured, record);
});

test('open, killed while the hook waits: the change passes and is reported', async () => {
  const user = await freshUser();
  hang();
  const result = reset(captured.domain, { ...user, newPassword: 'Mid-Hook-2' });
  await new Promise((resolve) => setTimeout(resolve, 500));
  await capture?.kill();
  await result;
  capture = await spawnCapture(captured, record);
  await until(() => missed().includes(user.account));
});

/** Resets until the domain takes it: closed, it refuses what capture cannot keep. */
async function resetStubbornly(user: PasswordChange, newPassword: string): Promise<void> {
  await vi.waitFor(() => reset(captured.domain, { ...user, newPassword }), {
    timeout: 45_000,
    interval: 100,
  });
}

test.each(['closed', 'open'] as const)(
  '%s, killed at random moments: nothing is lost unsaid, order holds, no password lies on disk',
  async (choice) => {
    await restartWith(choice);
    const users: PasswordChange[] = [];
    for (let index = 0; index < 4; index += 1) users.push(await freshUser());
    record.received.length = 0;
    record.log.length = 0;
    const last = new Map<string, string>();
    let changing = true;
    let done = 0;
    let kills = 0;
    const changes = (async () => {
      // A machine may be quick enough to change everything between two kills: go on until there were enough.
      for (let round = 0; round < 24 || (kills < 4 && round < 500); round += 1) {
        const user = users[round % users.length];
        if (user === undefined) continue;
        const newPassword = `Canary-${round}-${round * 7}x`;
        await resetStubbornly(user, newPassword);
        last.set(user.account, newPassword);
        done += 1;
      }
    })().finally(() => {
      changing = false;
    });
    // A slow machine makes few changes between two kills, and would be killing for minutes.
    while (changing && kills < 6) {
      const before = done;
      await new Promise((resolve) => setTimeout(resolve, 40 + Math.random() * 500));
      // A slow machine must get on between two kills.
      await until(() => done > before || !changing);
      await capture?.kill();
      kills += 1;
      expect(stored().includes('Canary-')).toBe(false);
      capture = await spawnCapture(captured, record);
    }
    await changes;
    const newestOf = (account: string) => record.received.filter((each) => each.account === account).at(-1);
    const isSettled = ({ account }: PasswordChange) =>
      newestOf(account)?.password === last.get(account) || missed().includes(account);
    await until(() => users.every(isSettled));
    for (const { account } of users) {
      const versions = record.received
        .filter((each) => each.account === account)
        .map(({ version }) => version);
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    }
    if (choice === 'closed') expect(missed()).toEqual([]);
    for (const form of ['Canary-', Buffer.from('Canary-', 'utf16le'), Buffer.from('Canary-').toString('hex')])
      expect(stored().includes(form)).toBe(false);
  },
  600_000,
);
