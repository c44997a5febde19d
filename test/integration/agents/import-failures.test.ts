import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { applyLdif } from '#lab/ldif.ts';
import { type RunningOpenLdap, startOpenLdap } from '#lab/openldap-server.ts';
import { administratorBind } from '#lab/samba-domain.ts';
import type { DirectoryAgent } from '#shared/model/agent.ts';
import { activeDirectoryAgent, type LabAgent, ldapAgent, sourcesOf } from '#test/directory-agents.ts';
import { IdentityWorld } from '#test/identity-world.ts';
import { sharedLab } from '#test/shared-lab.ts';

const { samba, openldap, ds389, directory } = sharedLab();
const crowd = 2000;

let server: RunningOpenLdap;
let world: IdentityWorld;
let agent: DirectoryAgent;

function person(index: number, container: string): string {
  return `dn: uid=crowd${index},${container}\nchangetype: add\nobjectClass: inetOrgPerson\ncn: c\nsn: c\nemployeeNumber: ${index}\n\n`;
}

beforeAll(async () => {
  server = await startOpenLdap({ directory: join(directory, 'import-failures'), noSync: true });
  const all = Array.from({ length: crowd }, (_, index) => person(index, server.peopleDn));
  await applyLdif(server.ldapiUrl, all.join(''));
});
afterAll(() => server.stop());

function start(member: LabAgent): void {
  agent = member.agent;
  world = new IdentityWorld([agent], sourcesOf([member]));
}

beforeEach(() => start(ldapAgent(server, 'openldap', { pageSize: 100 })));
afterEach(() => world.close());

test('a wrong password does not start the run and says so', async () => {
  await world.close();
  start(ldapAgent(server, 'openldap', { password: 'not-the-password' }));
  const run = await world.run(agent, 'full-import-delta-sync');
  expect(run.result).toBe('no-start-credentials');
  expect(run.steps[0]?.detail).toMatch(/password is wrong/);
  expect(run.steps[0]?.detail).not.toMatch(/not-the-password/);
});

test('a wrong password in Active Directory is named by its sub-code', async () => {
  await world.close();
  start(activeDirectoryAgent(samba, { password: 'Wrong-password-1' }));
  const run = await world.run(agent, 'full-import-delta-sync');
  expect(run.result).toBe('no-start-credentials');
  expect(run.steps[0]?.detail).toMatch(/data 52e/);
});

test('a server that is not there does not start the run', async () => {
  await world.close();
  start(ldapAgent(server, 'openldap', { url: 'ldaps://ldap1.ldap.lab:9' }));
  expect((await world.run(agent, 'full-import-delta-sync')).result).toBe('no-start-connection');
});

test('a partition that does not exist does not start the run', async () => {
  await world.close();
  start(ldapAgent(server, 'openldap', { dn: `ou=nowhere,${server.suffix}` }));
  expect((await world.run(agent, 'full-import-delta-sync')).result).toMatch(/^no-start/);
});

test('a container that does not exist does not start the run and deletes nobody', async () => {
  await world.close();
  const member = ldapAgent(server, 'openldap', { include: [server.peopleDn] });
  start(member);
  await world.run(agent, 'full-import-delta-sync');
  const [partition] = agent.partitions;
  if (partition === undefined) throw new Error('no partition');
  world.agents = [{ ...agent, partitions: [{ ...partition, include: [`ou=gone,${server.suffix}`] }] }];
  expect((await world.run(agent, 'full-import-delta-sync')).result).toBe('no-start-bad-ma-configuration');
  expect(world.connectors.stagedIds(agent.id, server.suffix)).toHaveLength(crowd);
});

test('a container that is gone beside another one is told by 389, too, and deletes nobody', async () => {
  await world.close();
  start(ldapAgent(ds389, 'sun', { include: [ds389.peopleDn] }));
  await world.run(agent, 'full-import-delta-sync');
  const staged = world.connectors.stagedIds(agent.id, ds389.suffix).length;
  const [partition] = agent.partitions;
  if (partition === undefined) throw new Error('no partition');
  const gone = `ou=gone,${ds389.suffix}`;
  world.agents = [{ ...agent, partitions: [{ ...partition, include: [ds389.peopleDn, gone] }] }];
  for (const type of ['full-import-delta-sync', 'delta-import-delta-sync'] as const) {
    const { result, steps } = await world.run(agent, type);
    expect(result).toBe('no-start-bad-ma-configuration');
    expect(steps[0]?.detail).toContain(`"${gone}" is not there`);
  }
  expect(world.connectors.stagedIds(agent.id, ds389.suffix)).toHaveLength(staged);
});

test('a server that is killed in the middle of a full import leaves whole pages and deletes nobody', async () => {
  await world.run(agent, 'full-import-delta-sync');
  const before = world.connectors.watermark(agent.id, server.suffix);
  await world.close();
  start(ldapAgent(server, 'openldap', { pageSize: 100 }));
  let killing: Promise<void> | undefined;
  const run = await world.runner.run(agent.id, 'full-import-delta-sync', {
    onProgress: ({ objects }) => {
      if (objects >= 300) killing ??= server.kill();
    },
  });
  expect(run.result).toBe('stopped-connectivity');
  const staged = world.connectors.stagedIds(agent.id, server.suffix).length;
  expect(staged).toBeGreaterThan(0);
  expect(staged).toBeLessThan(crowd);
  expect(staged % 100).toBe(0);
  expect(run.steps[0]?.statistics.staging).toMatchObject({ adds: staged, deletes: 0 });
  expect(world.persons.count()).toBe(0);
  expect(before).toBeDefined();
  expect(world.connectors.watermark(agent.id, server.suffix)).toBeUndefined();
  await killing;
  await server.restart();
  expect((await world.run(agent, 'full-import-delta-sync')).steps[0]?.statistics.staging).toMatchObject({
    adds: crowd - staged,
    unchanged: staged,
  });
});

test('deletions are learnt by presence where the server has forgotten its session', async () => {
  await world.run(agent, 'full-import-delta-sync');
  await applyLdif(server.ldapiUrl, `dn: uid=crowd7,${server.peopleDn}\nchangetype: delete\n\n`);
  // A restart empties the session log: the server names what is there instead of what is gone.
  await server.restart();
  await applyLdif(server.ldapiUrl, person(7001, server.peopleDn));
  const run = await world.run(agent, 'delta-import-delta-sync');
  expect(run.steps[0]?.statistics.staging).toMatchObject({ adds: 1, deletes: 1 });
  expect(world.connectors.stagedIds(agent.id, server.suffix)).toHaveLength(crowd);
  await applyLdif(
    server.ldapiUrl,
    `${person(7, server.peopleDn)}dn: uid=crowd7001,${server.peopleDn}\nchangetype: delete\n\n`,
  );
});

test('a server that hangs ends the run after the time limit of the step', async () => {
  const [profile] = agent.runProfiles;
  const [step] = profile?.steps ?? [];
  if (profile === undefined || step === undefined) throw new Error('no profile');
  world.agents = [{ ...agent, runProfiles: [{ name: 'short', steps: [{ ...step, timeout: 1 }] }] }];
  const running = world.runner.run(agent.id, 'short', {
    onProgress: ({ objects }) => {
      if (objects >= 300) server.pause();
    },
  });
  const run = await running;
  server.resume();
  expect(run.result).toBe('stopped-connectivity');
  expect(run.steps[0]?.detail).toMatch(/did not answer in time/);
});

test('a cancelled import ends at once', async () => {
  const controller = new AbortController();
  const run = await world.runner.run(agent.id, 'full-import-delta-sync', {
    signal: controller.signal,
    onProgress: ({ objects }) => {
      if (objects >= 200) controller.abort();
    },
  });
  expect(run.result).toBe('stopped-user-termination-from-wmi-or-ui');
  expect(world.connectors.stagedIds(agent.id, server.suffix).length).toBeLessThan(crowd);
});

test('an account without the right to replicate imports deltas and the run says what it may miss', async () => {
  await world.close();
  const dn = `CN=import-reader,CN=Users,${samba.baseDn}`;
  const unicodePwd = Buffer.from('"Reader-Lab-1!"', 'utf16le').toString('base64');
  const entry = `dn: ${dn}\nchangetype: add\nobjectClass: user\nsAMAccountName: import-reader\nuserAccountControl: 512\nunicodePwd:: ${unicodePwd}\n\n`;
  await applyLdif(samba.ldapsUrl, entry, administratorBind(samba));
  start(activeDirectoryAgent(samba, { user: `import-reader@${samba.realm}`, password: 'Reader-Lab-1!' }));
  expect((await world.run(agent, 'full-import-delta-sync')).result).toBe('success');
  const run = await world.run(agent, 'delta-import-delta-sync');
  expect(run.result).toMatch(/^(success|completed-no-objects)$/);
  expect(run.steps[0]?.detail).toMatch(/Replicating Directory Changes/);
});

test('an account that may not read the changelog does not start, instead of missing every change', async () => {
  await world.close();
  const dn = `uid=import-blind,ou=services,${ds389.suffix}`;
  await applyLdif(
    ds389.ldapiUrl,
    `dn: ${dn}\nchangetype: add\nobjectClass: account\nobjectClass: simpleSecurityObject\nuid: import-blind\nuserPassword: Blind-Lab-1!\n\ndn: ${ds389.suffix}\nchangetype: modify\nadd: aci\naci: (targetattr!="userPassword")(version 3.0; acl "Blind"; allow (read, search, compare) userdn="ldap:///${dn}";)\n\n`,
  );
  start(ldapAgent(ds389, 'sun', { user: dn, password: 'Blind-Lab-1!' }));
  const run = await world.run(agent, 'full-import-delta-sync');
  expect(run.result).toBe('no-start-change-log-not-enabled');
  expect(run.steps[0]?.detail).toMatch(/does not see the changes in cn=changelog/);
});

test('no password of an agent is in the database', async () => {
  await world.run(agent, 'full-import-delta-sync');
  const folder = join(world.database.path, '..');
  expect(existsSync(world.database.path)).toBe(true);
  for (const name of readdirSync(folder)) {
    expect(readFileSync(join(folder, name)).includes(openldap.servicePassword)).toBe(false);
  }
});
