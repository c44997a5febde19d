import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { dialRemote } from '#host/remote/dial-remote.ts';
import type { Domain } from '#host/sso/domain-directory.ts';
import { SsoAgentLink } from '#host/sso/sso-agent-link.ts';
import { findPerson, initialPassword } from '#lab/people.ts';
import { carillonContract } from '#shared/contract/carillon-contract.ts';
import { agentSchema } from '#shared/model/agent.ts';
import { connect } from '#shared/rpc/connect.ts';
import { createPortPair } from '#shared/rpc/port-pair.ts';
import { packFields, unpackFields } from '#shared/secret/credential-fields.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { noteRaised } from '#test/raised-events.ts';
import { sharedLab } from '#test/shared-lab.ts';

import {
  albert,
  anna,
  domain,
  other,
  RemoteScene,
  sara,
  serverName,
  stranger,
  user,
} from './remote-scene.ts';

const { samba } = sharedLab();
const scene = new RemoteScene();

beforeAll(() => scene.start());
afterAll(() => scene.stop());

test('an administrator by a nested group works with the server once its key was compared', async () => {
  const unknown = await scene.refused(sara, ['status']);
  const { fingerprint } = await scene.address();
  expect(unknown).toMatchObject({ code: 4, stderr: expect.stringContaining('(event 7044)') });
  expect(unknown.stderr).toContain(`carillon servers trust ${serverName}`);
  expect(unknown.stderr).toContain(fingerprint);
  await scene.trust(sara);
  expect(await scene.on(sara, ['status'])).toContain('Remote access');
  const me = JSON.parse(
    await scene.on(sara, ['servers', 'test', await scene.serverArgument(), '--json']),
  ) as object;
  expect(me).toEqual({ caller: `${domain}\\${sara}`, account: `${domain}\\${sara}`, access: 'administer' });
  await scene.on(sara, ['agents', 'set-password', 'ADMA'], `${samba.adminPassword}\n`);
  expect(await scene.on(sara, ['agents', 'test', 'ADMA'])).toContain('bind');
  expect((await scene.refused(sara, ['serve'])).stderr).toContain('this computer');
});

test('an account without a role is refused by its number, and the log tells who', async () => {
  await scene.trust(stranger);
  const { code, stderr } = await scene.refused(stranger, ['status']);
  expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining('(event 7046)') });
  expect(stderr).toContain(`${domain}\\${stranger} has no role on this server`);
  expect(await scene.local(['events', '--json'])).toContain('"number": 7046');
});

test('whoever has no ticket, or asks for a name that nobody has, is told so by number', async () => {
  await scene.trust(sara);
  process.env['KRB5CCNAME'] = `FILE:${join(scene.folder, 'none')}`;
  const { port, fingerprint } = await scene.address();
  const options = { trust: { pin: fingerprint }, purpose: 'program' } as const;
  const dial = (name: string) =>
    dialRemote({ ...options, address: { host: serverName, port, spn: `CARILLON/${name}` } });
  await expect(dial(serverName)).rejects.toMatchObject({ event: 7041, reason: 'no-ticket' });
  process.env['KRB5CCNAME'] = scene.cacheOf(sara);
  await expect(dial('nowhere.fabrikam.lab')).rejects.toMatchObject({ event: 7045, reason: 'spn-missing' });
});

test('calls above the role are refused: a reader changes nothing, an administrator of applications reads nothing', async () => {
  await scene.trust(albert);
  expect(await scene.on(albert, ['agents'])).toContain('ADMA');
  const change = await scene.refused(albert, ['sync', 'enable']);
  expect(change).toMatchObject({ code: 4, stderr: expect.stringContaining('the caller has browse') });
  await scene.local(['ssomanage', '-createapps', await applicationFile()]);
  await scene.trust(anna);
  expect(await scene.on(anna, ['ssomanage', '-listapps'])).toContain('SAP');
  const reading = await scene.refused(anna, ['agents']);
  expect(reading).toMatchObject({ code: 4, stderr: expect.stringContaining('the caller has use') });
});

async function applicationFile(): Promise<string> {
  const file = join(scene.folder, 'apps.xml');
  const flags = 'enableApp="yes" allowTickets="yes" validateTickets="yes"';
  writeFileSync(
    file,
    `<sso><application name="SAP"><description>Test</description><appUserAccount>${domain}\\RA T Users</appUserAccount><appAdminAccount>${domain}\\RA T App Admins</appAdminAccount><field ordinal="0" label="User Id"/><field ordinal="1" label="Password" masked="yes"/><flags ${flags}/></application></sso>`,
  );
  return file;
}

test('a user of the domain keeps the own credentials with ssoclient, and nobody else’s', async () => {
  await scene.trust(user);
  await scene.as(user, ['ssoclient', '-server', await scene.serverArgument()]);
  const client = async (...args: string[]) => {
    const { code, stdout, stderr } = await scene.as(user, ['ssoclient', ...args], 'Host-Pässword-1\n');
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    return stdout;
  };
  expect(await client('-showserver')).toContain(serverName);
  expect(await client('-listapps')).toContain('SAP');
  expect(await client('-setcredentials', 'SAP', 'USER1')).toContain('The mapping was created');
  expect(await client('-listmappings')).toContain('USER1');
  expect(await client('-getcredentials', 'SAP')).toBe('User Id  : USER1\nPassword : Host-Pässword-1\n');
  const foreign = await scene.refused(
    user,
    ['ssomanage', '-setcredentials', `${domain}\\${other}`, 'SAP'],
    'x\n',
  );
  expect(foreign.stderr).toContain('event 10757');
  await expect(
    scene.asProgram(user, (remote) =>
      remote.call('sso.createMappings', {
        mappings: [{ application: 'SAP', windowsAccount: `${domain}\\${other}`, externalUser: 'USER2' }],
      }),
    ),
  ).rejects.toThrow('event 10558');
  const audit = await scene.local(['audit', 'list', 'administration', '--json']);
  expect(audit).toContain(JSON.stringify(`${domain}\\${user}`));
});

test('a program on another computer looks credentials up only where that is allowed', async () => {
  const look = () =>
    scene.asProgram(user, async (remote) => {
      const { externalUser, fields } = await remote.call('sso.getCredentials', { application: 'SAP' });
      const values = unpackFields(fields);
      return [externalUser, ...values.map(({ bytes }) => new TextDecoder().decode(bytes))];
    });
  await expect(look()).rejects.toThrow('event 11068');
  await scene.on(sara, ['ssoconfig', '-remotelookup', 'yes']);
  expect(await look()).toEqual(['USER1', 'Host-Pässword-1']);
  await expect(
    scene.asProgram(other, (remote) => remote.call('sso.getCredentials', { application: 'SAP' })),
  ).rejects.toThrow('event 10757');
  const looked = await scene.local(['audit', 'list', 'external-credential-lookups', '--json']);
  expect(looked).toContain(JSON.stringify(`${domain}\\${user} looked up ${domain}\\${user} in SAP`));
});

test('a program sets its credentials as bytes', async () => {
  using value = SecretBytes.take(new TextEncoder().encode('Second-1'));
  using fields = packFields([value]);
  const mapping = { application: 'SAP', windowsAccount: `${domain}\\${user}` };
  await scene.asProgram(user, (remote) =>
    remote.call('sso.setCredentials', { mapping, fields: fields.bytes }),
  );
  const { fields: found } = await scene.asProgram(user, (remote) =>
    remote.call('sso.getCredentials', { application: 'SAP' }),
  );
  expect(unpackFields(found).map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(['Second-1']);
});

test('a ticket is issued to its user, and an Application Administrator redeems it with its sender', async () => {
  const { ticket } = await scene.asProgram(user, (remote) => remote.call('sso.issueTicket', {}));
  const redeem = (by: string, sender: string) =>
    scene.asProgram(by, (remote) =>
      remote.call('sso.redeemTicket', { application: 'SAP', ticket, sender: `${domain}\\${sender}` }),
    );
  expect((await redeem(anna, user)).externalUser).toBe('USER1');
  const sender = `${domain}\\${user}`;
  const typed = await scene.on(user, ['ssoclient', '-issueticket']);
  expect(await scene.on(anna, ['ssomanage', '-redeemticket', 'SAP', sender], typed)).toBe(
    'User Id  : USER1\nPassword : Second-1\n',
  );
  expect(
    (await scene.refused(anna, ['ssomanage', '-redeemticket', 'SAP', sender], 'no ticket')).stderr,
  ).toContain('event 10593');
  await expect(redeem(anna, other)).rejects.toThrow('event 10594');
  await expect(redeem(user, user)).rejects.toThrow('event 11011');
});

test('an agent of another service makes and deletes mappings here, with the rights of its account alone', async () => {
  const { port, fingerprint } = await scene.address();
  const openLink = (account: string): SsoAgentLink => {
    process.env['KRB5CCNAME'] = scene.cacheOf(account);
    const agent = agentSchema.parse({
      id: 'd1000000-0000-4000-8000-000000000001',
      name: 'ENTSSOMA2',
      kind: 'entsso',
      connection: {
        ...{ connectTo: serverName, user: `${domain}\\${account}` },
        ...{ administrationPort: port, administrationFingerprint: fingerprint },
      },
    });
    if (agent.kind !== 'entsso') throw new Error('Another kind');
    return new SsoAgentLink(agent, {
      hostName: 'elsewhere',
      credential: async () =>
        SecretBytes.take(new TextEncoder().encode(initialPassword(findPerson(account)))),
      domains: () => [{ dn: samba.baseDn, name: domain } as Domain],
      ownListener: () => undefined,
      mappings: () => undefined,
      now: Date.now,
      record: () => undefined,
    });
  };
  const mapping = { application: 'SAP', windowsAccount: `${domain}\\${other}`, externalUser: 'USER2' };
  const listed = () => scene.local(['ssomanage', '-listmappings', 'SAP']);
  const link = openLink(anna);
  await link.createMapping(mapping);
  expect(await listed()).toMatch(/\(E\).*USER2/);
  await link.createMapping(mapping);
  await expect(link.createMapping({ ...mapping, externalUser: 'USER3' })).rejects.toThrow('event 11045');
  await link.deleteMapping(mapping);
  await link.deleteMapping(mapping);
  expect(await listed()).not.toContain('USER2');
  await link.close();
  const powerless = openLink(user);
  await expect(powerless.createMapping(mapping)).rejects.toMatchObject({ code: 'forbidden' });
  await powerless.close();
});

test('an address that is not there is told by its number, and the service goes on', async () => {
  const [near, far] = createPortPair();
  scene.host.attach(far, 'administer', 'test');
  const client = connect(carillonContract, near);
  const { revision } = await client.call('configuration.get', {});
  await client.call('configuration.set', {
    changes: [{ path: ['remote', 'host'], value: '203.0.113.9' }],
    revision,
  });
  await expect.poll(() => scene.host.status()).toMatchObject({ remote: { state: 'failed' } });
  const { findings } = await scene.host.status();
  expect(findings).toContainEqual(expect.objectContaining({ subject: 'Remote access' }));
  const told = await client.call('events.list', { number: 7040, limit: 1 });
  expect(told).toMatchObject([{ severity: 'error' }]);
  noteRaised(told[0]?.number);
});
