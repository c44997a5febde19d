import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { passwordChanges } from '#lab/password-changes.ts';

import {
  addUsualTarget,
  type CaptureDomain,
  type CaptureInProcess,
  createUser,
  runCapture,
  startCaptureDomain,
  until,
} from './capture-domain.ts';

/** Samba in one process answers nothing while a hook runs, so that no look inside the transaction comes through. */
let captured: CaptureDomain;
let capture: CaptureInProcess;

beforeAll(async () => {
  captured = await startCaptureDomain({ model: 'single', settings: { holdTime: 3 } });
  await addUsualTarget(captured);
});
afterAll(() => captured.domain.stop());
beforeEach(async () => {
  capture = await runCapture(captured);
});
afterEach(() => capture.running.stop());

const passwords = () => capture.channel.received.map(({ password }) => password);

test('changes are captured without a look inside the transaction', async () => {
  const user = await createUser(captured, 'single1', 'Start-Secret-1');
  await passwordChanges['ldap-reset'](captured.domain, { ...user, newPassword: 'Single-Process-1' });
  await until(() => passwords().includes('Single-Process-1'));
});

test('a change that the history refuses right after another one does not travel', async () => {
  const user = await createUser(captured, 'single2', 'Start-Secret-2');
  const second = 'Second-Secret-2';
  await until(() => passwords().includes(user.oldPassword));
  capture.channel.received.length = 0;
  await passwordChanges['ldap-change'](captured.domain, { ...user, newPassword: second });
  const again = { ...user, oldPassword: second, newPassword: user.oldPassword };
  await expect(passwordChanges['ldap-change'](captured.domain, again)).rejects.toThrow();
  await until(() => capture.running.status().held === 0);
  expect(passwords()).not.toContain(user.oldPassword);
});
