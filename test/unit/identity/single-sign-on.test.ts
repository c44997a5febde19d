import { randomUUID } from 'node:crypto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { SsoExport } from '#agents/entsso/sso-export.ts';
import type { MappingNames } from '#agents/entsso/sso-server-link.ts';
import { SsoSource } from '#agents/entsso/sso-source.ts';
import { type Agent, agentSchema, type SsoAgent } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import { findMappingBreaches } from '#shared/model/find-mapping-breaches.ts';
import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

/** A single sign-on server that keeps mappings and nothing else. */
class MappingList {
  readonly kept = new Set<string>();
  /** Applications that refuse, with the code. */
  readonly refusing = new Map<string, AppError>();

  readonly link = {
    hand: () => Promise.resolve(),
    probe: () => Promise.resolve(),
    close: () => Promise.resolve(),
    createMapping: async (mapping: MappingNames) => {
      const refusal = this.refusing.get(mapping.application);
      if (refusal !== undefined) throw refusal;
      this.kept.add(inWords(mapping));
    },
    deleteMapping: async (mapping: MappingNames) => {
      const refusal = this.refusing.get(mapping.application);
      if (refusal !== undefined) throw refusal;
      this.kept.delete(inWords(mapping));
    },
  };

  get sorted(): readonly string[] {
    return [...this.kept].sort();
  }
}

function inWords({ application, windowsAccount, externalUser }: MappingNames): string {
  return `${application}: ${windowsAccount} = ${externalUser}`;
}

const adma = agentSchema.parse({
  id: randomUUID(),
  name: 'ADMA',
  kind: 'active-directory',
  connection: { url: 'ldaps://dc1', authentication: { method: 'external' } },
  partitions: [{ dn: 'DC=fabrikam,DC=lab' }],
  project: true,
  flow: [{ connector: 'employeeID', person: 'employeeID' }],
  runProfiles: [
    { name: 'full-import-full-sync', steps: [{ type: 'full-import-full-sync' }] },
    { name: 'full-sync', steps: [{ type: 'full-sync' }] },
  ],
});
let hr: Agent;
let agent: SsoAgent;
let server: MappingList;
let world: IdentityWorld;

const payroll = { name: 'Payroll', create: true, delete: true };

function ssoAgent(mappings: object): SsoAgent {
  const parsed = agentSchema.parse({
    id: agent?.id ?? randomUUID(),
    name: 'ENTSSOMA2',
    kind: 'entsso',
    connection: { connectTo: 'INTSVR1.fabrikam.lab', user: 'FABRIKAM\\ssosvcact' },
    mappings: {
      windowsAgent: adma.id,
      sources: [{ agent: hr.id, objectType: 'User', attribute: 'logon' }],
      ...mappings,
    },
    runProfiles: [
      { name: 'export', steps: [{ type: 'export' }] },
      { name: 'full-import-stage-only', steps: [{ type: 'full-import-stage-only' }] },
    ],
  });
  if (parsed.kind !== 'entsso') throw new Error('Another kind');
  return parsed;
}

function use(mappings: object): void {
  agent = ssoAgent(mappings);
  world.agents = [adma, hr, agent];
}

beforeEach(async () => {
  hr = draftAgent({ name: 'hr', join: [['employeeID=employeeID']], flow: ['logon=logon'] });
  agent = ssoAgent({ applications: [{ ...payroll, source: hr.id }] });
  server = new MappingList();
  world = new IdentityWorld([adma, hr, agent], undefined, undefined, () => new SsoExport(server.link));
  setWindows('guid-1', 'jdoe', '1');
  setExternal('h1', 'jd01', '1');
});
afterEach(() => world.close());

function setWindows(guid: string, sAMAccountName: string, employeeID: string): void {
  const attributes = { sAMAccountName: [sAMAccountName], employeeID: [employeeID] };
  world.directory(adma).set(guid, `CN=${guid},DC=fabrikam,DC=lab`, attributes);
}

function setExternal(anchor: string, logon: string, employeeID: string): void {
  world.directory(hr).set(anchor, `CN=${anchor},DC=hr`, { logon: [logon], employeeID: [employeeID] });
}

async function synchronize(): Promise<void> {
  await world.run(adma, 'full-import-full-sync');
  await world.run(hr, 'full-import-full-sync');
}

async function settle() {
  await synchronize();
  return await world.run(agent, 'export');
}

test('a person of both systems is mapped, and belongs to the agent without an import', async () => {
  expect((await settle()).result).toBe('success');
  expect(server.sorted).toEqual(['Payroll: FABRIKAM\\jdoe = jd01']);
  expect(world.find(agent, 'guid-1')).toMatchObject({ state: 'connector', link: 'provisioning' });
  expect(world.exports.counts(agent.id)).toEqual({ add: 0, update: 0, delete: 0 });
  expect((await settle()).result).toBe('completed-no-objects');
});

test('a person without an external name, or without a Windows identity, is not mapped', async () => {
  setWindows('guid-2', 'ann', '2');
  setExternal('h3', 'bob', '3');
  await settle();
  expect(server.sorted).toEqual(['Payroll: FABRIKAM\\jdoe = jd01']);
});

test('another external name and another Windows name each move the mapping', async () => {
  await settle();
  setExternal('h1', 'jd02', '1');
  await settle();
  expect(server.sorted).toEqual(['Payroll: FABRIKAM\\jdoe = jd02']);
  setWindows('guid-1', 'jdoe2', '1');
  await settle();
  expect(server.sorted).toEqual(['Payroll: FABRIKAM\\jdoe2 = jd02']);
  expect(world.find(agent, 'guid-1')?.dn).toBe('CN=FABRIKAM\\\\jdoe2,OU=default');
  expect((await settle()).result).toBe('completed-no-objects');
});

test('who leaves the external system loses its mapping, unless delete is false', async () => {
  use({
    applications: [
      { ...payroll, source: hr.id },
      { name: 'Kept', source: hr.id, delete: false },
    ],
  });
  await settle();
  world.directory(hr).delete('h1');
  // Nobody deletes the last object that a system shows.
  setExternal('h9', 'other', '9');
  await settle();
  expect(server.sorted).toEqual(['Kept: FABRIKAM\\jdoe = jd01']);
});

test('create false makes nothing, and leaves what stands', async () => {
  use({ applications: [{ ...payroll, source: hr.id, create: false }] });
  await settle();
  expect(server.sorted).toEqual([]);
});

test.each([
  [true, []],
  [false, ['Payroll: FABRIKAM\\jdoe = jd01']],
])('a deleted Windows identity with deleteAll %s leaves %j', async (deleteAll, left) => {
  use({ deleteAll, applications: [{ ...payroll, source: hr.id, delete: false }] });
  await settle();
  setWindows('guid-9', 'other', '9');
  world.directory(adma).delete('guid-1');
  await settle();
  expect(server.sorted).toEqual(left);
  expect(world.find(agent, 'guid-1') === undefined).toBe(deleteAll);
});

test('an application that refuses does not keep the others from their mappings, and is asked again', async () => {
  use({
    applications: [
      { ...payroll, source: hr.id },
      { name: 'Shop', source: hr.id },
    ],
  });
  server.refusing.set(
    'Shop',
    new AppError('forbidden', 'Shop: event 11011', { fix: 'Ask its administrator.' }),
  );
  const run = await settle();
  expect(run.result).toBe('completed-export-errors');
  expect(world.runs.errorsOf(run.run, 10)[0]).toMatchObject({ word: 'permission-issue' });
  expect(server.sorted).toEqual(['Payroll: FABRIKAM\\jdoe = jd01']);
  server.refusing.clear();
  expect((await world.run(agent, 'export')).result).toBe('success');
  expect(server.sorted).toEqual(['Payroll: FABRIKAM\\jdoe = jd01', 'Shop: FABRIKAM\\jdoe = jd01']);
});

test('a server that is away ends the run, and the next one goes on', async () => {
  server.refusing.set('Payroll', new AppError('unavailable', 'The credential database is away'));
  expect((await settle()).result).toBe('stopped-server-down');
  server.refusing.clear();
  await settle();
  expect(server.sorted).toEqual(['Payroll: FABRIKAM\\jdoe = jd01']);
});

test('what ENTSSO.xml names has to be there, once, and of the right kind', () => {
  const broken = ssoAgent({
    windowsAgent: hr.id,
    sources: [{ agent: adma.id }],
    applications: [
      { ...payroll, source: randomUUID() },
      { ...payroll, name: 'PAYROLL', source: hr.id },
    ],
  });
  const breaches = findMappingBreaches(broken, [adma, hr, broken], []);
  expect(breaches.map(({ message }) => message)).toEqual([
    expect.stringContaining('export-only'),
    expect.stringContaining('not connected to Active Directory'),
    expect.stringContaining('No agent has the id'),
    expect.stringContaining('stands twice'),
    'No application uses the SourceMA "ADMA"',
  ]);
});

test('an import step is refused: the agent never imports', async () => {
  const importing = new IdentityWorld([agent], () => new SsoSource(agent, undefined));
  const { result, steps } = await importing.run(agent, 'full-import-stage-only');
  await importing.close();
  expect(result).toBe('no-start-ma');
  expect(steps[0]?.detail).toContain('export-only');
});
