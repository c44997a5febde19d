import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { type JsonObject, toJson } from '#exchange/snapshot/json-value.ts';
import { parseSnapshot } from '#exchange/snapshot/parse-snapshot.ts';
import { formatSnapshot, hashBody } from '#exchange/snapshot/snapshot.ts';
import { dataFiles } from '#host/data-files.ts';
import { type Host, startHost } from '#host/start-host.ts';
import { carillonContract } from '#shared/contract/carillon-contract.ts';
import type { AgentId } from '#shared/model/change.ts';
import { ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';
import { connect } from '#shared/rpc/connect.ts';
import { createPortPair } from '#shared/rpc/port-pair.ts';
import { noteRaised } from '#test/raised-events.ts';

const id = 'b7a9d0c2-5d3f-4a0e-9c11-2f7c53d1be02';
const canary = 'Canary-9f2c7a-never-exported';
let directory: string;
let host: Host;

const agent = {
  id,
  name: 'OpenLDAP',
  kind: 'ldap',
  connection: {
    url: 'ldaps://ldap1.lab:636',
    authentication: { method: 'simple', user: 'uid=svc,dc=lab' },
  },
  partitions: [{ dn: 'dc=lab' }],
};

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'carillon-snapshot-'));
  writeFileSync(
    dataFiles(directory).configuration,
    JSON.stringify({ version: 1, agents: [agent], logFile: { path: join(directory, 'log') } }),
  );
  host = await startHost({ dataDirectory: directory });
});
afterEach(async () => {
  await host.stop();
  rmSync(directory, { recursive: true, force: true });
});

const packed = (file: Uint8Array | string) => gzipSync(file).toString('base64');

function client() {
  const [near, far] = createPortPair();
  host.attach(far, 'administer', 'tester');
  return connect(carillonContract, near);
}

test('no password and no key reaches a snapshot, a report, a comparison or the history', async () => {
  const { call } = client();
  await call('credentials.set', { agent: id, secret: Buffer.from(canary).toString('base64') });
  await call('snapshots.take', { note: '' });
  const exported = await call('snapshots.export', { mappings: true });
  const outputs = JSON.stringify([
    exported,
    await call('snapshots.report', {}),
    await call('snapshots.history', {}),
    await call('snapshots.compare', {
      left: { kind: 'running' },
      right: { kind: 'moment', id: 1 },
      all: true,
    }),
  ]);
  const key = readFileSync(join(directory, 'vault.key'));
  for (const secret of [
    canary,
    Buffer.from(canary).toString('base64'),
    key.toString('hex'),
    key.toString('base64'),
  ])
    expect(outputs).not.toContain(secret);
  expect(JSON.parse(exported.text).body.secrets).toEqual({ [`agents/${id}`]: 'set' });
});

test('a restore is refused when the configuration has moved on, and then changes nothing', async () => {
  const { call } = client();
  const plan = await call('snapshots.plan', { source: { kind: 'moment', id: 1 } });
  host.configuration.edit(['logLevel'], 3, 'somebody');
  const before = readFileSync(host.configuration.path, 'utf8');
  const source = { kind: 'moment', id: 1 } as const;
  await expect(call('snapshots.restore', { source, revision: plan.revision })).rejects.toMatchObject({
    code: 'conflict',
  });
  expect(readFileSync(host.configuration.path, 'utf8')).toBe(before);
  const fresh = await call('snapshots.plan', { source });
  await call('snapshots.restore', { source, revision: fresh.revision });
  expect(host.configuration.configuration.logLevel).toBe(1);
  await call('snapshots.undo', {});
  expect(readFileSync(host.configuration.path, 'utf8')).toBe(before);
  await expect(call('snapshots.undo', {})).rejects.toMatchObject({ code: 'conflict' });
});

test('definitions and mappings of single sign-on are compared, restored whole, and taken back', async () => {
  const { call } = client();
  const empty = await call('snapshots.export', { mappings: true });
  const { body, origin } = parseSnapshot(empty.text);
  const filled = {
    applications: [
      ssoApplicationSchema.parse({
        name: 'SAP',
        administrators: ['FABRIKAM\\SapAdmins'],
        users: ['FABRIKAM\\SapUsers'],
        enabled: true,
      }),
    ].map((application) => ({ ...application, adapter: 'SAPAdapter', filter: 'Upper' })),
    adapters: [
      ssoAdapterSchema.parse({ name: 'SAPAdapter', computer: 'sap.fabrikam.lab', users: ['FABRIKAM\\sap'] }),
    ],
    filters: [ssoPasswordFilterSchema.parse({ name: 'Upper' })],
    mappings: [
      {
        name: 'SAP: FABRIKAM\\alice = ALICE',
        application: 'SAP',
        windowsAccount: 'FABRIKAM\\alice',
        externalUser: 'ALICE',
        enabled: true,
      },
    ],
  };
  const sections = toJson(filled) as JsonObject;
  const more = { ...body, sections };
  const text = formatSnapshot({ body: more, sha256: hashBody(more), origin });
  const source = { kind: 'text', name: 'pilot.json', text } as const;

  const comparison = await call('snapshots.compare', { left: { kind: 'running' }, right: source });
  expect(comparison.objects.map(({ kind, name, state }) => [kind, name, state])).toEqual(
    expect.arrayContaining([
      ['Affiliate application', 'SAP', 'added'],
      ['Password sync adapter', 'SAPAdapter', 'added'],
      ['Password filter', 'Upper', 'added'],
      ['Mapping', 'SAP: FABRIKAM\\alice = ALICE', 'added'],
    ]),
  );
  const alone = await call('snapshots.plan', { source, parts: ['applications/SAP'] });
  expect(alone.possible).toBe(false);
  expect(alone.mistakes.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual(
    ['No adapter "SAPAdapter"', 'No password filter "Upper"'],
  );

  const plan = await call('snapshots.plan', { source });
  expect(plan.steps.map(({ key, act }) => [act, key]).sort()).toEqual([
    ['create', 'adapters/SAPAdapter'],
    ['create', 'applications/SAP'],
    ['create', 'filters/Upper'],
    ['create', 'mappings/SAP: FABRIKAM\\alice = ALICE'],
  ]);
  await call('snapshots.restore', { source, revision: plan.revision });
  const now = await call('snapshots.export', { mappings: true });
  expect(parseSnapshot(now.text).body).toEqual({
    ...more,
    secrets: { ...more.secrets, 'mappings/SAP: FABRIKAM\\alice = ALICE': 'not set' },
  });
  const [restored] = await call('snapshots.history', { limit: 1 });
  expect(restored).toMatchObject({ kind: 'restore', by: 'tester', note: 'pilot.json' });
  expect(restored?.changes).toContainEqual({ object: 'Affiliate application "SAP"', property: 'Created' });
  const again = await call('snapshots.plan', { source });
  expect(again.steps).toEqual([]);
  await expect(call('snapshots.restore', { source, revision: plan.revision })).rejects.toMatchObject({
    code: 'conflict',
  });

  const renamed = { ...sections, applications: [{ ...filled.applications[0], type: 'group' }] } as JsonObject;
  const other = { ...body, sections: renamed };
  const refused = { ...source, text: formatSnapshot({ body: other, sha256: hashBody(other), origin }) };
  const impossible = await call('snapshots.plan', { source: refused });
  expect(impossible.mistakes).toContainEqual(
    expect.objectContaining({ message: expect.stringContaining('type is fixed') }),
  );
  await expect(
    call('snapshots.restore', { source: refused, revision: impossible.revision }),
  ).rejects.toMatchObject({ code: 'invalid_configuration' });

  await call('snapshots.undo', {});
  const undone = parseSnapshot((await call('snapshots.export', {})).text).body;
  expect(undone).toEqual({ ...body, sections: { adapters: [], applications: [], filters: [] } });
});

test('an edit while nothing ran is noted at the next start', async () => {
  await host.stop();
  writeFileSync(
    dataFiles(directory).configuration,
    JSON.stringify({ version: 1, logLevel: 2, agents: [agent] }),
  );
  host = await startHost({ dataDirectory: directory });
  const [newest] = await client().call('snapshots.history', { limit: 1 });
  expect(newest).toMatchObject({ kind: 'start', note: 'Changed while the service was stopped' });
  expect(newest?.changes).toContainEqual({ object: 'Server', property: 'Log level', from: '1', to: '2' });
});

test('an export is kept, imported in shadow mode, and written back', async () => {
  const folder = join(import.meta.dirname, '../../fixtures/mim');
  const { call } = client();
  for (const name of readdirSync(folder))
    await call('migration.upload', { name, content: packed(readFileSync(join(folder, name))) });
  const { agents } = await call('migration.preview', {});
  const { revision } = await call('configuration.get', {});
  const all = agents.map((one) => one.id);
  const sun = agents.find(({ name }) => name === 'Sun')?.id ?? 'b7a9d0c2-5d3f-4a0e-9c11-2f7c53d1be02';
  const tested = await call('migration.test', {
    agent: sun as AgentId,
    secret: Buffer.from(canary).toString('base64'),
  });
  expect(tested.ok).toBe(false);
  expect(JSON.stringify(tested)).not.toContain(canary);
  expect(host.configuration.configuration.agents.map(({ name }) => name)).toEqual(['OpenLDAP']);
  await call('migration.import', { agents: all, revision });
  expect(host.configuration.configuration.agents.map(({ name }) => name)).toEqual(['Sun', 'ADMA']);
  await call('snapshots.undo', {});
  expect(host.configuration.configuration.agents.map(({ name }) => name)).toEqual(['OpenLDAP']);
  const [undone] = await call('snapshots.history', { limit: 1 });
  expect(undone).toMatchObject({ kind: 'undo', note: 'Import taken back: 2 objects of an export' });

  const fresh = await call('configuration.get', {});
  const done = await call('migration.import', { agents: all, revision: fresh.revision });
  expect(done.agents).toEqual(['ADMA', 'Sun']);
  const imported = host.configuration.configuration.agents;
  expect(imported.map(({ name, password }) => [name, password.shadow])).toEqual([
    ['Sun', true],
    ['ADMA', true],
  ]);
  await call('password.live', { agent: 'ADMA' });
  expect(host.configuration.configuration.agents[1]?.password.shadow).toBe(false);
  await expect
    .poll(async () => (await call('events.list', { number: 7019 }))[0]?.message)
    .toBe('"ADMA" is live: its changes are written');
  noteRaised(7019);
  const bomb = packed('<!DOCTYPE a [<!ENTITY l "lol">]><a>&l;</a>');
  await expect(
    call('migration.upload', { name: 'bomb.xml', content: bomb, fresh: true }),
  ).rejects.toMatchObject({ code: 'invalid_input' });
  const long = packed(Buffer.alloc(33 * 1024 * 1024, ' '));
  await expect(call('migration.upload', { name: 'long.xml', content: long })).rejects.toMatchObject({
    code: 'invalid_input',
  });
  const { content } = await call('migration.export', { name: 'MV.xml' });
  const text = gunzipSync(Buffer.from(content, 'base64')).toString();
  expect(text).toContain('<password-change-history-size>30</password-change-history-size>');
});
