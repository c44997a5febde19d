import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { readCompanyIdentity } from '#channel/receiver-identity.ts';
import { diagnoseSpn } from '#channel/spn-diagnosis.ts';
import { openInitiator } from '#directory/kerberos.ts';
import { makeServerCertificate } from '#lab/certificate-authority.ts';
import { addServiceAccount } from '#lab/kerberos-realm.ts';
import { runSambaTool } from '#lab/samba-domain.ts';

import { RawSender } from '../../unit/channel/raw-sender.ts';
import { addTwinValue } from './add-twin-value.ts';
import {
  type ChannelLab,
  host,
  openAdministrator,
  prepareChannelLab,
  serviceAccount,
  sister,
  spn,
} from './channel-lab.ts';

let lab: ChannelLab;
const users = ['chan-user', 'chan-other', 'chan-short'];

beforeAll(async () => {
  lab = await prepareChannelLab();
  for (const name of users)
    await addServiceAccount(lab.samba, {
      name,
      password: 'Lab-User-1!',
      servicePrincipalNames: name === 'chan-short' ? ['PCNSCLNT/CHANNEL3'] : [],
    });
  await runSambaTool(lab.samba, ['computer', 'create', 'CHANWS1']);
  await runSambaTool(lab.samba, ['user', 'setpassword', 'CHANWS1$', '--newpassword=Lab-Computer-1!']);
});

afterAll(async () => {
  for (const name of users) await runSambaTool(lab.samba, ['user', 'delete', name]);
  await runSambaTool(lab.samba, ['computer', 'delete', 'CHANWS1']);
  await lab[Symbol.asyncDispose]();
});

test("a change of the domain controller's own account arrives, and both clocks are compared", async () => {
  const report = await lab.send();
  expect(report).toMatchObject({ ok: true });
  if (report.ok) expect(Math.abs(report.clockDifferenceMs)).toBeLessThan(10_000);
  expect(lab.received.at(-1)).toEqual({
    account: 'alice',
    password: 'Pässwörd-7',
    caller: 'DC1$@FABRIKAM.LAB',
  });
});

test('a user is refused with event 6914 on both sides', async () => {
  const keytab = await lab.keytabOf('chan-user');
  const report = await lab.send({ keytab, options: { principal: 'chan-user@FABRIKAM.LAB' } });
  expect(report).toMatchObject({ ok: false, code: 'not-a-domain-controller', event: 6914, isRemote: true });
  expect(lab.events).toContainEqual(
    expect.objectContaining({ number: 6914, message: expect.stringContaining('chan-user@FABRIKAM.LAB') }),
  );
});

test('a computer that is no domain controller is refused with event 6914', async () => {
  const keytab = await lab.keytabOf('CHANWS1$');
  const report = await lab.send({ keytab, options: { principal: 'CHANWS1$@FABRIKAM.LAB' } });
  expect(report).toMatchObject({ ok: false, code: 'not-a-domain-controller', event: 6914 });
  expect(JSON.stringify(report)).toContain('Domain Controllers container');
});

test('a domain controller whose name another account took as user principal name is refused until that ends', async () => {
  await runSambaTool(lab.samba, ['user', 'create', 'chan-twin', 'Lab-Twin-1!']);
  try {
    await addTwinValue(lab.samba, 'chan-twin', 'userPrincipalName', 'DC1$');
    // A receiver of its own: the first one still remembers its answer.
    const receiver = await lab.start();
    const report = await lab.send({ options: { port: receiver.port } });
    expect(report).toMatchObject({
      ok: false,
      event: 6914,
      message: expect.stringContaining('user principal name'),
    });
    await receiver.stop();
  } finally {
    await runSambaTool(lab.samba, ['user', 'delete', 'chan-twin']);
  }
});

test('a name that no account has is reported with the command that registers it', async () => {
  const name = 'PCNSCLNT/channel9.fabrikam.lab';
  const receiver = await lab.start({ spn: name });
  const options = { spn: name, port: receiver.port };
  const plain = await lab.send({ options });
  expect(plain).toMatchObject({ code: 'spn-missing', event: 6025, isRemote: false });
  const diagnosed = await lab.send({ options, isDiagnosed: true });
  expect(diagnosed).toMatchObject({
    code: 'spn-missing',
    fix: expect.stringContaining(`setspn -S ${name} FABRIKAM\\`),
  });
  expect(JSON.stringify(diagnosed)).toContain(`samba-tool spn add ${name}`);
  await receiver.stop();
});

test('a name that two accounts have is told apart from a missing one, with both accounts', async () => {
  const name = 'PCNSCLNT/channel2.fabrikam.lab';
  await runSambaTool(lab.samba, ['spn', 'add', name, 'chan-user']);
  await addTwinValue(lab.samba, 'chan-other', 'servicePrincipalName', name);
  const receiver = await lab.start({ spn: name });
  const report = await lab.send({ options: { spn: name, port: receiver.port }, isDiagnosed: true });
  expect(report).toMatchObject({ code: 'spn-duplicate', event: 6025 });
  for (const words of ['chan-user', 'chan-other', `setspn -D ${name}`, `samba-tool spn delete ${name}`])
    expect(JSON.stringify(report)).toContain(words);
  await receiver.stop();
});

test('a name that is registered in the other form only is told apart, with the account that has it', async () => {
  const name = 'PCNSCLNT/channel3.fabrikam.lab';
  const receiver = await lab.start({ spn: name });
  const report = await lab.send({ options: { spn: name, port: receiver.port }, isDiagnosed: true });
  expect(report).toMatchObject({
    code: 'spn-form',
    message: expect.stringContaining('chan-short'),
    fix: expect.stringContaining(`setspn -S ${name} FABRIKAM\\chan-short`),
  });
  await receiver.stop();
  // And the other way round: the sender uses the short form of a name that is registered in full.
  expect(await lab.send({ options: { spn: 'PCNSCLNT/CHANNEL1' } })).toMatchObject({
    code: 'spn-form',
    isRemote: true,
  });
});

test('names of other services on the same account, and its clock, are part of the diagnosis', async () => {
  const connection = await openAdministrator(lab.samba);
  const { baseDn, netbios: domain } = lab.samba;
  const now = Date.now() + 400_000;
  const diagnosis = await diagnoseSpn(connection, { spn, baseDn, domain, now });
  await connection.close();
  expect(diagnosis).toMatchObject({
    finding: { code: 'clock-skew', message: expect.stringMatching(/(39|40)\d s ahead/) },
    accounts: [serviceAccount],
    sisters: [sister],
  });
});

test('Kerberos that looks in another realm is told apart from a name that is missing', async () => {
  const configuration = join(lab.directory, 'other-realm.conf');
  const kdc = '[realms]\n FABRIKAM.LAB = {\n  kdc = dc1.fabrikam.lab\n }\n';
  const map = '[domain_realm]\n .fabrikam.lab = ELSEWHERE.LAB\n';
  const names = ' dns_lookup_kdc = false\n dns_canonicalize_hostname = false\n rdns = false\n';
  writeFileSync(configuration, `[libdefaults]\n default_realm = FABRIKAM.LAB\n${names}${kdc}${map}`);
  const report = await lab.send({ env: { KRB5_CONFIG: configuration }, isDiagnosed: true });
  expect(report).toMatchObject({
    code: 'wrong-realm',
    event: 6025,
    fix: expect.stringContaining('krb5.conf'),
  });
});

test('a sender without keys has no ticket', async () => {
  expect(await lab.send({ keytab: '/nonexistent' })).toMatchObject({ code: 'no-ticket', event: 6025 });
});

test.each([
  ['a realm that krb5.conf does not know', '', 'wrong-realm'],
  [
    'a domain controller that does not answer',
    '[realms]\n FABRIKAM.LAB = {\n  kdc = 127.0.0.9\n }\n',
    'no-kdc',
  ],
])('%s is told apart', async (_what, realms, code) => {
  const configuration = join(lab.directory, `${code}.conf`);
  const names = ' default_realm = FABRIKAM.LAB\n dns_lookup_kdc = false\n rdns = false\n';
  writeFileSync(configuration, `[libdefaults]\n${names}${realms}`);
  const report = await lab.send({ env: { KRB5_CONFIG: configuration } });
  expect(report).toMatchObject({ code, event: 6025, isRemote: false });
});

test.each([
  ['+10m', 'ahead of'],
  ['-10m', 'behind'],
])('a sender whose clock is off by %s is refused with its own code', async (offset, side) => {
  // Node measures its timers with the monotonic clock, which stays as it is.
  const report = await lab.send({ prefix: ['faketime', '-f', offset], env: { DONT_FAKE_MONOTONIC: '1' } });
  expect(report).toMatchObject({
    code: 'clock-skew',
    event: 6025,
    message: expect.stringMatching(`(59|60)\\d s ${side}`),
  });
});

test('a sender whose clock is off by four minutes is taken', async () => {
  const report = await lab.send({ prefix: ['faketime', '-f', '+4m'], env: { DONT_FAKE_MONOTONIC: '1' } });
  expect(report).toMatchObject({ ok: true });
  // As exactly as a busy machine lets a message through.
  if (report.ok) expect(Math.abs(report.clockDifferenceMs - 240_000)).toBeLessThan(10_000);
});

/** A token of the domain controller's own account, made in this process. */
async function tokenFor(name: string): Promise<Uint8Array> {
  process.env['KRB5_CLIENT_KTNAME'] = `FILE:${lab.samba.secretsKeytab}`;
  process.env['KRB5CCNAME'] = `DIR:${mkdtempSync(join(lab.directory, 'own-tickets-'))}`;
  const initiator = await openInitiator({ spn: name, principal: 'DC1$@FABRIKAM.LAB' });
  return initiator.token();
}

test('the bytes of one authentication are refused on a second connection', async () => {
  const token = await tokenFor(spn);
  const first = await RawSender.connect(lab.receiver.port);
  expect(await first.authenticate(spn, token)).toMatchObject({ kind: 'authenticated' });
  const second = await RawSender.connect(lab.receiver.port);
  expect(await second.authenticate(spn, token)).toMatchObject({ kind: 'bye', code: 'replay' });
  first.socket.destroy();
});

test('a ticket for a sister service is refused by name, though Kerberos itself would take it', async () => {
  const raw = await RawSender.connect(lab.receiver.port);
  const answer = await raw.authenticate(spn, await tokenFor(sister));
  expect(answer).toMatchObject({
    kind: 'bye',
    code: 'wrong-service',
    message: expect.stringContaining(sister),
  });
});

test('a token with one bit changed is refused', async () => {
  const token = await tokenFor(spn);
  const last = token.length - 1;
  token[last] = (token[last] ?? 0) ^ 1;
  const raw = await RawSender.connect(lab.receiver.port);
  expect(await raw.authenticate(spn, token)).toMatchObject({ kind: 'bye' });
});

test('another key than the pinned one gets no ticket, and both fingerprints are named', async () => {
  const pin = 'sha256/ABEiM0RVZneImaq7zN3u/wARIjNEVWZ3iJmqu8zd7v8=';
  const report = await lab.send({ options: { pin } });
  expect(report).toMatchObject({ code: 'pin-mismatch', event: 6025, isRemote: false });
  expect(JSON.stringify(report)).toContain(pin);
  expect(JSON.stringify(report)).toContain(lab.receiver.fingerprint);
});

test("a certificate of a company's own authority is taken for the name in it, and for no other", async () => {
  const certificate = await makeServerCertificate(join(lab.directory, 'company'), [host]);
  const other = await makeServerCertificate(join(lab.directory, 'stranger'), [host]);
  const receiver = await lab.start({ identity: await readCompanyIdentity(certificate) });
  const send = (serverName: string, caFile: string) =>
    lab.send({ options: { port: receiver.port, pin: undefined as never, serverName, caFile } });
  expect(await send(host, certificate.caFile)).toMatchObject({ ok: true });
  const wrongName = await send('channel2.fabrikam.lab', certificate.caFile);
  expect(wrongName).toMatchObject({
    code: 'certificate-not-trusted',
    message: expect.stringContaining('ALTNAME'),
  });
  const wrongAuthority = await send(host, other.caFile);
  expect(wrongAuthority).toMatchObject({
    code: 'certificate-not-trusted',
    message: expect.stringContaining(receiver.fingerprint),
  });
  await receiver.stop();
});

test('a receiver that is killed in the middle of a change has acknowledged nothing', async () => {
  const program = join(import.meta.dirname, 'receiver-main.ts');
  const victim = spawn(process.execPath, [program, spn, join(lab.directory, 'victim.pem')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(victim.stdout);
  const [first] = (await once(lines, 'line')) as [string];
  const { port, fingerprint: pin } = JSON.parse(first) as { port: number; fingerprint: string };
  const sending = lab.send({ options: { port, pin } });
  await once(lines, 'line');
  victim.kill('SIGKILL');
  expect(await sending).toMatchObject({ ok: false, code: 'lost', event: 4003 });
});

test('a receiver without its keytab says so to both sides, and so does one whose keytab is out of date', async () => {
  process.env['KRB5_KTNAME'] = 'FILE:/nonexistent';
  try {
    expect(await lab.send()).toMatchObject({ code: 'no-keytab', isRemote: true });
  } finally {
    process.env['KRB5_KTNAME'] = `FILE:${lab.serviceKeytab}`;
  }
  expect(await lab.send()).toMatchObject({ ok: true });
  await runSambaTool(lab.samba, ['user', 'setpassword', serviceAccount, '--newpassword=Lab-Channel-2!']);
  expect(await lab.send()).toMatchObject({
    code: expect.stringMatching(/no-keytab|wrong-key/),
    isRemote: true,
  });
});
