import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { type RunningCapture, startCapture } from '#capture/capture-host.ts';
import { wallClock } from '#channel/channel-clock.ts';
import { createDomainControllerLookup } from '#channel/domain-controller-lookup.ts';
import { createDomainControllerProof } from '#channel/prove-domain-controller.ts';
import { type Receiver, startReceiver } from '#channel/receiver.ts';
import { openReceiverIdentity, type ReceiverIdentity } from '#channel/receiver-identity.ts';
import { setKerberosFiles } from '#directory/kerberos-environment.ts';
import { openLdap } from '#directory/ldap-connection.ts';
import { addServiceAccount, exportKeytab } from '#lab/kerberos-realm.ts';
import { passwordChanges } from '#lab/password-changes.ts';
import { findFreePort } from '#lab/port.ts';

import {
  type CaptureDomain,
  createUser,
  type LoggedLine,
  pcnscfg,
  readLine,
  realClock,
  startCaptureDomain,
  until,
} from './capture-domain.ts';

const spn = 'PCNSCLNT/dc1.northwind.lab';

let captured: CaptureDomain;
let identity: ReceiverIdentity;
let receiver: Receiver;
let running: RunningCapture;
let log: LoggedLine[];
const received: string[] = [];
const beats: string[] = [];
let port = 0;
/** Milliseconds that the receiver's clock goes ahead of that of the domain controller. */
let ahead = 0;

beforeAll(async () => {
  captured = await startCaptureDomain();
  const { domain, directory } = captured;
  const keytab = join(directory, 'receiver.keytab');
  await addServiceAccount(domain, { name: 'svc-rx', password: 'Lab-Rx-1!', servicePrincipalNames: [spn] });
  await exportKeytab(domain, keytab, spn);
  setKerberosFiles({ serviceKeytab: keytab, configuration: domain.krb5Config });
  identity = await openReceiverIdentity(join(directory, 'receiver.pem'), 'dc1.northwind.lab');
  port = await findFreePort('127.0.0.2');
  receiver = await openReceiver();
  await pcnscfg(
    captured,
    'addtarget',
    '/N:Real',
    `/A:dc1.northwind.lab:${port}`,
    `/S:${spn}`,
    '/FI:Domain Users',
    '/I:1',
    `/K:${receiver.fingerprint}`,
  );
});
afterAll(async () => {
  await receiver.stop();
  await captured.domain.stop();
});
beforeEach(async () => {
  log = [];
  received.length = 0;
  running = await startCapture(captured.configuration, {
    clock: realClock,
    productVersion: '0.0.0',
    writeLine: (line) => log.push(readLine(line)),
  });
});
afterEach(() => running.stop());

async function openReceiver(): Promise<Receiver> {
  const { domain } = captured;
  const connection = await openLdap({ url: domain.ldapiUrl, connectTimeout: 5_000 });
  const findComputer = createDomainControllerLookup({
    connect: async () => connection,
    baseDn: domain.baseDn,
    realm: domain.realm,
  });
  return startReceiver({
    host: '127.0.0.2',
    port,
    identity,
    spn,
    clock: { ...wallClock, now: () => Date.now() + ahead },
    proveCaller: createDomainControllerProof({
      realm: domain.realm,
      domain: domain.netbios,
      findComputer,
      clock: realClock,
    }),
    onChange: async (change, password) => {
      received.push(`${change.domain}\\${change.account} ${new TextDecoder().decode(password.bytes)}`);
    },
    onHeartbeat: (status) => beats.push(status.host),
    events: () => undefined,
    report: () => undefined,
  });
}

test("a change travels under the domain controller's own account", async () => {
  const user = await createUser(captured, 'travels', 'Start-Secret-1');
  await passwordChanges['ldap-reset'](captured.domain, { ...user, newPassword: 'Over-The-Wire-1' });
  await until(() => received.includes('NORTHWIND\\travels Over-The-Wire-1'));
  await until(() => beats.includes('dc1.northwind.lab'));
});

test('what could not be sent waits, and goes out as soon as the target answers again', async () => {
  const user = await createUser(captured, 'waits', 'Start-Secret-2');
  await until(() => received.includes('NORTHWIND\\waits Start-Secret-2'));
  await receiver.stop();
  await passwordChanges['ldap-reset'](captured.domain, { ...user, newPassword: 'While-Away-1' });
  await passwordChanges['ldap-reset'](captured.domain, { ...user, newPassword: 'While-Away-2' });
  await until(() => log.some(({ number }) => number === 6025 || number === 4003));
  // The second one is known to be in force, and has taken the place of the first.
  await until(() => running.status().held === 0 && running.status().targets[0]?.waiting === 1);
  receiver = await openReceiver();
  await until(() => received.includes('NORTHWIND\\waits While-Away-2'));
  expect(received).not.toContain('NORTHWIND\\waits While-Away-1');
});

test('while the clocks differ by more than five minutes changes wait, and go out when they agree again', async () => {
  const user = await createUser(captured, 'clocked', 'Start-Secret-4');
  await until(() => received.includes('NORTHWIND\\clocked Start-Secret-4'));
  await receiver.stop();
  ahead = 600_000;
  receiver = await openReceiver();
  await passwordChanges['ldap-reset'](captured.domain, { ...user, newPassword: 'Out-Of-Time-1' });
  await until(() => log.some(({ number }) => number === 6025));
  expect(log.find(({ number }) => number === 6025)?.message).toMatch(/clock is (?:59|6\d)\d s behind.*clock/);
  expect(running.status().targets[0]).toMatchObject({ waiting: 1 });
  expect(received).not.toContain('NORTHWIND\\clocked Out-Of-Time-1');
  ahead = 0;
  // It may just have tried: the next attempt is ten seconds away, the shortest interval there is.
  await until(() => received.includes('NORTHWIND\\clocked Out-Of-Time-1'), 40_000);
});

test('a target of another name is told as such, with what to do', async () => {
  await pcnscfg(
    captured,
    'addtarget',
    '/N:Nameless',
    `/A:dc1.northwind.lab:${port}`,
    '/S:PCNSCLNT/nobody.northwind.lab',
    '/FI:Domain Users',
    '/I:1',
    `/K:${receiver.fingerprint}`,
  );
  await until(() => log.some(({ number, message }) => number === 4004 && message.includes('Nameless')));
  const said = log.find(({ number, message }) => number === 4004 && message.includes('Nameless'))?.message;
  await pcnscfg(captured, 'deletetarget', '/N:Nameless');
  expect(said).toMatch(
    /wants PCNSCLNT\/nobody\.northwind\.lab.*Use the receiver's own service principal name/,
  );
});

test('a target with another key gets nothing', async () => {
  const pin = `sha256/${Buffer.alloc(32, 1).toString('base64')}`;
  await pcnscfg(captured, 'modifytarget', '/N:Real', `/K:${pin}`);
  await until(() => log.some(({ message }) => /fingerprint|key/i.test(message)));
  const user = await createUser(captured, 'pinned', 'Start-Secret-3');
  await passwordChanges['ldap-reset'](captured.domain, { ...user, newPassword: 'Not-To-A-Stranger-1' });
  await until(() => log.some(({ number }) => number === 6025));
  expect(received).toEqual([]);
  await pcnscfg(captured, 'modifytarget', '/N:Real', `/K:${receiver.fingerprint}`);
  await until(() => received.includes('NORTHWIND\\pinned Not-To-A-Stranger-1'));
});
