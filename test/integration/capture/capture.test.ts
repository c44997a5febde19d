import { connect } from 'node:net';

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { changeWays, passwordChanges } from '#lab/password-changes.ts';

import {
  addUsualTarget,
  type CaptureDomain,
  type CaptureInProcess,
  createUser,
  runCapture,
  startCaptureDomain,
  until,
} from './capture-domain.ts';

let captured: CaptureDomain;
let capture: CaptureInProcess;
let serial = 0;

beforeAll(async () => {
  captured = await startCaptureDomain();
  await addUsualTarget(captured);
});
afterAll(() => captured.domain.stop());
beforeEach(async () => {
  capture = await runCapture(captured);
});
afterEach(() => capture.running.stop());

/** A user whose own creation is captured and out of the way. */
async function freshUser() {
  serial += 1;
  const account = `user${serial}`;
  const user = await createUser(captured, account, `Start-${serial}-Secret`);
  await until(() => capture.channel.received.some(({ password }) => password === user.oldPassword));
  capture.channel.received.length = 0;
  return user;
}

const passwords = () => capture.channel.received.map(({ password }) => password);
const numbers = () => capture.log.map(({ number }) => number);
/** Longer than a change needs from the hook to its target, and than a reconciliation. */
const quiet = () => new Promise((resolve) => setTimeout(resolve, 1_600));

test('a change is captured exactly once, whichever way it is made', async () => {
  const { account, ...user } = await freshUser();
  let oldPassword = user.oldPassword;
  const made: string[] = [];
  for (const way of changeWays) {
    const newPassword = `By-${way}-Pässwörd-1`;
    await passwordChanges[way](captured.domain, { ...user, account, oldPassword, newPassword });
    await until(() => passwords().includes(newPassword));
    made.push(newPassword);
    oldPassword = newPassword;
  }
  await quiet();
  expect(passwords()).toEqual(made);
  for (const one of capture.channel.received) expect(one).toMatchObject({ account, domain: 'NORTHWIND' });
  expect(numbers()).not.toContain(7001);
});

test('a new user is captured with the first password', async () => {
  await captured.domain.tool(['user', 'create', 'fresh', 'Brand-New-1']);
  await until(() => passwords().includes('Brand-New-1'));
  expect(capture.channel.received[0]?.account).toBe('fresh');
});

test('a change that the history refuses never travels', async () => {
  const user = await freshUser();
  const second = `${user.oldPassword}-second`;
  await passwordChanges['ldap-change'](captured.domain, { ...user, newPassword: second });
  await until(() => passwords().includes(second));
  await expect(
    passwordChanges['ldap-change'](captured.domain, {
      ...user,
      oldPassword: second,
      newPassword: user.oldPassword,
    }),
  ).rejects.toThrow();
  await quiet();
  expect(passwords()).toEqual([second]);
  // The hook was called for it all the same: it waits for a commit that does not come.
  expect(capture.running.status().held).toBe(1);
  // The account's next change decides it at once.
  const third = `${user.oldPassword}-third`;
  await passwordChanges['ldap-change'](captured.domain, { ...user, oldPassword: second, newPassword: third });
  await until(() => passwords().includes(third) && capture.running.status().held === 0);
  expect(numbers()).toContain(7020);
  expect(passwords()).toEqual([second, third]);
});

test('what the domain refuses is never captured: too short, too simple, without rights, with a wrong old password', async () => {
  const user = await freshUser();
  const other = await freshUser();
  const refused = [
    passwordChanges['ldap-reset'](captured.domain, { ...user, newPassword: 'aA1-' }),
    passwordChanges['ldap-change'](captured.domain, {
      ...user,
      dn: other.dn,
      newPassword: 'No-Rights-1',
    }),
    passwordChanges['samr-change'](captured.domain, {
      ...user,
      oldPassword: 'Wrong-Old-1',
      newPassword: 'Never-Set-1',
    }),
  ];
  for (const result of await Promise.allSettled(refused)) expect(result.status).toBe('rejected');
  // What the hook judges in the domain's stead.
  for (const newPassword of ['onecategoryonly', 'two-categories-only'])
    for (const way of ['ldap-reset', 'admin-reset', 'samr-change'] as const)
      await expect(passwordChanges[way](captured.domain, { ...user, newPassword })).rejects.toThrow();
  const newPassword = `X-${user.account.toUpperCase()}-1`;
  await expect(passwordChanges['ldap-reset'](captured.domain, { ...user, newPassword })).rejects.toThrow();
  await quiet();
  expect(passwords()).toEqual([]);
  expect(capture.running.status().held).toBe(0);
});

test('a reset that asks for another password at the next logon is captured', async () => {
  const user = await freshUser();
  const newPassword = 'Must-Change-Secret-1';
  const flags = ['--must-change-at-next-login', `--newpassword=${newPassword}`];
  await captured.domain.tool(['user', 'setpassword', user.account, ...flags]);
  await until(() => passwords().includes(newPassword));
  await captured.domain.tool([
    'user',
    'setpassword',
    user.account,
    flags[0] ?? '',
    `--newpassword=${newPassword}2`,
  ]);
  await until(() => passwords().includes(`${newPassword}2`));
});

test('many users at once are captured, each once', async () => {
  const users = [];
  for (let index = 0; index < 8; index += 1) users.push(await freshUser());
  capture.channel.received.length = 0;
  const made = users.map(({ account }, index) => `${account} At-Once-${index}-Secret`);
  await Promise.all(
    users.map((user, index) =>
      passwordChanges['ldap-reset'](captured.domain, { ...user, newPassword: `At-Once-${index}-Secret` }),
    ),
  );
  await until(() => capture.channel.received.length >= users.length);
  await quiet();
  const arrived = capture.channel.received.map(({ account, password }) => `${account} ${password}`);
  expect(arrived.toSorted()).toEqual(made.toSorted());
  expect(numbers()).not.toContain(7001);
});

test('starting and stopping are 2001 and 2002', async () => {
  await capture.running.stop();
  expect(numbers()).toEqual(expect.arrayContaining([2001, 2004]));
  expect(numbers().at(-1)).toBe(2002);
  capture = await runCapture(captured);
});

test('a caller who does not speak as the hook does is 6002 and changes nothing', async () => {
  const said = await new Promise<string>((resolve) => {
    const socket = connect(captured.configuration.hook.socket, () => socket.write('GET / HTTP/1.1\r\n\r\n'));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', () => resolve(text));
  });
  expect(said).toBe('');
  expect(numbers()).toContain(6002);
});

test('changes of one user arrive in the order in which they were made', async () => {
  const user = await freshUser();
  const made: string[] = [];
  for (let index = 0; index < 12; index += 1) {
    const newPassword = `Order-${index}-Secret`;
    await passwordChanges['ldap-reset'](captured.domain, { ...user, newPassword });
    made.push(newPassword);
  }
  await until(() => passwords().includes('Order-11-Secret'));
  expect(passwords()).toEqual(made.filter((password) => passwords().includes(password)));
  const versions = capture.channel.received.map(({ version }) => version);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
});

test('computers are never sent, whatever groups they are in', async () => {
  const { domain } = captured;
  await domain.tool(['computer', 'create', 'pc1']);
  await domain
    .tool(['user', 'setpassword', 'pc1$', '--newpassword=Computer-Secret-1'])
    .catch(() => undefined);
  await quiet();
  expect(passwords()).toEqual([]);
  expect(numbers()).not.toContain(7001);
});
