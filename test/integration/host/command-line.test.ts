import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { agentRowSchema } from '#shared/contract/agents.ts';
import { keysStatusSchema } from '#shared/contract/keys.ts';
import { systemStatusSchema } from '#shared/contract/system.ts';

import { runCarillon, ServiceProcess } from './service-process.ts';

const agent = {
  id: '22222222-2222-4222-8222-222222222222',
  name: 'HR directory',
  kind: 'ldap',
  connection: {
    url: 'ldaps://127.0.0.1:1',
    connectTimeout: 1,
    authentication: { method: 'simple', user: 'cn=admin' },
  },
  partitions: [{ dn: 'dc=hr' }],
  project: true,
  password: { enabled: true },
  runProfiles: [{ name: 'Full', steps: [{ type: 'full-import-full-sync', timeout: 2 }] }],
};

const service = new ServiceProcess();
beforeAll(async () => {
  service.configure({ version: 1, metricsPort: 0, agents: [agent] });
  await service.start();
});
afterAll(() => service.dispose());

test('status has a stable shape and names what needs attention', async () => {
  const { code, stdout } = await service.carillon(['status', '--json']);
  const status = systemStatusSchema.parse(JSON.parse(stdout));
  expect(code).toBe(0);
  expect(status).toMatchObject({ mode: 'service', pid: service.pid, agents: 1, passwordSync: false });
  expect(status.findings).toContainEqual(
    expect.objectContaining({ subject: 'HR directory', fix: expect.stringContaining('set-password') }),
  );
});

test('the metrics are served on the loopback address', async () => {
  const { stdout } = await service.carillonHere(['status', '--json']);
  const { metricsUrl } = systemStatusSchema.parse(JSON.parse(stdout));
  expect(metricsUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  const text = await (await fetch(metricsUrl ?? '')).text();
  expect(text).toContain('carillon_changes_accepted_total 0');
  expect(text).toContain('carillon_target_busy{target="HR directory"} 0');
  expect(text).toContain('process_resident_memory_bytes');
});

test('agents are listed as JSON and as an aligned table', async () => {
  const json = await service.carillonHere(['agents', '--json']);
  expect(agentRowSchema.array().parse(JSON.parse(json.stdout))).toHaveLength(1);
  const { stdout } = await service.carillonHere(['agents', 'list']);
  const [head = '', row = ''] = stdout.split('\n');
  expect(head.indexOf('KIND')).toBe(row.indexOf('ldap'));
  expect(stdout).not.toContain('\u001b');
});

test('a password goes in through standard input and comes out nowhere', async () => {
  const secret = 'Canary-7f3a-Geheim';
  const { code, stdout } = await service.carillon(
    ['agents', 'set-password', 'hr directory', '--json'],
    `${secret}\n`,
  );
  expect({ code, output: JSON.parse(stdout) }).toEqual({
    code: 0,
    output: { agent: 'hr directory', stored: true },
  });
  const status = await service.carillon(['status', '--json']);
  expect(JSON.parse(status.stdout).findings).not.toContainEqual(
    expect.objectContaining({ fix: expect.stringContaining('set-password') }),
  );
  for (const file of ['carillon.db', 'carillon.db-wal', 'carillon.json'])
    expect(readFileSync(join(service.dataDirectory, file)).includes(secret)).toBe(false);
  expect(JSON.stringify(service.log)).not.toContain(secret);
});

test('an agent that cannot be reached fails its test with the step and exit code 1', async () => {
  const { code, stdout } = await service.carillonHere(['agents', 'test', 'HR directory', '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false });
  expect(JSON.parse(stdout).steps.at(-1)).toMatchObject({ name: 'connect', ok: false });
});

test('a run of an agent that cannot be reached ends with its result and exit code 1', async () => {
  const { code, stdout } = await service.carillonHere(['run', 'HR directory', 'full', '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ agentName: 'HR directory', result: 'no-start-connection' });
  const runs = await service.carillonHere(['runs', '--json']);
  expect(JSON.parse(runs.stdout)).toHaveLength(1);
});

test.each<[args: readonly string[], code: number, stderr: RegExp]>([
  [['nonsense'], 2, /unknown command/],
  [['queue', 'release', 'x'], 2, /whole number/],
  [['queue', 'release'], 2, /No delivery is named/],
  [['queue', 'purge'], 2, /--yes/],
  [['trace', 'x'], 2, /no tracking id/],
  [['trace', '11111111-1111-4111-8111-111111111111'], 5, /No change/],
  [['agents', 'show', 'HR directroy'], 5, /Did you mean "HR directory"/],
  [['agents', 'schema', 'HR directory', '--type', 'user'], 3, /cannot be reached/],
  [['run', 'HR directory', 'Nightly'], 5, /Full/],
  [['events', '--severity', 'fatal'], 2, /severity/],
  [['completion', 'tcsh'], 2, /Allowed choices/],
  [['config', 'check', '/nowhere/carillon.json'], 5, /cannot be read/],
])('%j ends with exit code %i and says why', async (args, code, stderr) => {
  const finished = await service.carillonHere(args);
  expect(finished).toMatchObject({ code, stderr: expect.stringMatching(stderr) });
});

test('an error is JSON too where JSON is asked for', async () => {
  const { stderr } = await service.carillon(['agents', 'show', 'nobody', '--json']);
  expect(JSON.parse(stderr)).toEqual({
    error: { code: 'not_found', message: 'No management agent "nobody"', fix: expect.any(String) },
  });
});

test('an empty queue, trace and history print empty lists', async () => {
  const outputs = await Promise.all(
    [['queue'], ['trace'], ['history', 'alice'], ['controllers'], ['people', 'alice']].map(
      async (args) => JSON.parse((await service.carillonHere([...args, '--json'])).stdout) as unknown,
    ),
  );
  expect(outputs).toEqual([{ rows: [], total: 0 }, [], [], [], []]);
});

test('an event number is explained', async () => {
  const { code, stdout } = await service.carillonHere(['events', '6919', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    definition: { number: 6919, source: 'FIMSynchronizationService', retried: false },
    events: [],
  });
});

test('a hold is written to the configuration and lifted again', async () => {
  await service.carillonHere(['agents', 'hold', 'HR directory']);
  expect(JSON.parse(readFileSync(service.configurationFile, 'utf8')).agents[0].password.hold).toBe(true);
  await service.carillonHere(['agents', 'resume', 'HR directory']);
  const { stdout } = await service.carillonHere(['agents', '--json']);
  expect(JSON.parse(stdout)[0]).toMatchObject({ hold: false });
});

test('keys rotate, are backed up with a passphrase, and the backup is private', async () => {
  const rotated = await service.carillon(['keys', 'rotate', '--json']);
  expect(JSON.parse(rotated.stdout)).toMatchObject({ version: 2 });
  const file = join(service.dataDirectory, 'keys.backup');
  const short = await service.carillon(['keys', 'backup', file], 'short\n');
  expect(short).toMatchObject({ code: 2, stderr: expect.stringContaining('12 bytes') });
  const saved = await service.carillon(['keys', 'backup', file], 'correct horse battery staple\n');
  expect(saved.code).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { stdout } = await service.carillon(['keys', '--json']);
  expect(keysStatusSchema.parse(JSON.parse(stdout))).toMatchObject({
    current: 2,
    lastBackupAt: expect.any(Number),
  });
});

test.each(['bash', 'zsh', 'fish'])('the %s completion knows every command', async (shell) => {
  const { code, stdout } = await service.carillonHere(['completion', shell]);
  expect(code).toBe(0);
  for (const word of ['serve', 'queue release', 'keys rotate', 'completion', 'config check'])
    expect(stdout).toContain(word);
});

test('the bash completion is valid and completes', async () => {
  const { stdout } = await service.carillonHere(['completion', 'bash']);
  const script = `${stdout}
complete_line() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _carillon; echo "\${COMPREPLY[*]}"; }
complete_line carillon que
complete_line carillon queue re
complete_line carillon queue release --pa
complete_line carillon completion ''`;
  expect(spawnSync('bash', ['-n'], { input: stdout }).status).toBe(0);
  const lines = spawnSync('bash', { input: script, encoding: 'utf8' }).stdout.trim().split('\n');
  expect(lines.slice(0, 3)).toEqual(['queue', 'release', '--parked']);
  expect(lines[3]).toMatch(/bash zsh fish/);
});

test('without a service, what can be read is read and the rest says how to start one', async () => {
  const nowhere = mkdtempSync(join(tmpdir(), 'carillon-none-'));
  const status = await runCarillon(['status', '--data', nowhere]);
  expect(status).toMatchObject({ code: 3, stderr: expect.stringContaining('carillon serve') });
  rmSync(nowhere, { recursive: true });
});

test('config check names each mistake and ends with exit code 1', async () => {
  const file = join(service.dataDirectory, 'draft.json');
  writeFileSync(file, '{"version": 1,\n "logLevel": 9,\n "agent": []}');
  const { code, stdout } = await service.carillon(['config', 'check', file, '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    file,
    mistakes: [
      { path: 'logLevel', line: 2, allowed: 'whole number, 0 to 3, default 1' },
      { path: 'agent', line: 3, fix: 'Did you mean "agents"?' },
    ],
  });
  const applied = await service.carillon(['config', 'apply', file]);
  expect(applied).toMatchObject({ code: 1, stderr: expect.stringMatching(/logLevel/) });
  expect(existsSync(`${service.configurationFile}.new`)).toBe(false);
});

test('colours are for terminals that want them', async () => {
  const { stdout } = await service.carillon(['status'], '', { FORCE_COLOR: '1', NO_COLOR: undefined });
  expect(stdout).toContain('\u001b[');
  const plain = await service.carillon(['status'], '', { NO_COLOR: '1', FORCE_COLOR: undefined });
  expect(plain.stdout).not.toContain('\u001b[');
});
