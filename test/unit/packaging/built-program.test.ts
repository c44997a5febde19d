import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createBuilder } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
/** No node_modules above it: what is built has to stand alone, and the native modules are missing. */
const installed = mkdtempSync(join(tmpdir(), 'carillon-built-'));
const program = join(installed, 'main/cli.js');
const data = join(installed, 'data');
let service: ChildProcess | undefined;

beforeAll(async () => {
  const builder = await createBuilder({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    environments: {
      main: { build: { outDir: join(installed, 'main') } },
      preload: { build: { outDir: join(installed, 'preload') } },
    },
  });
  const { main, preload } = builder.environments;
  if (main === undefined || preload === undefined) throw new Error('vite.config.ts has no programs');
  await builder.build(main);
  await builder.build(preload);
}, 300_000);

afterAll(async () => {
  if (service?.exitCode === null) {
    service.kill('SIGTERM');
    await once(service, 'exit');
  }
  rmSync(installed, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function carillon(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, '--data', data, ...args],
      { cwd: installed },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test('what the packager and the desktop start is written', () => {
  for (const file of ['index', 'service', 'cli'])
    expect(existsSync(join(installed, 'main', `${file}.js`))).toBe(true);
});

test('the preload is one CommonJS file, as a sandboxed page needs it', () => {
  expect(readdirSync(join(installed, 'preload'))).toEqual(['index.cjs']);
  const text = readFileSync(join(installed, 'preload/index.cjs'), 'utf8');
  expect(text).toContain('require("electron")');
  expect(text).not.toMatch(/^\s*(import|export)\b/m);
});

test('the command line runs outside the source tree', async () => {
  expect(await carillon('help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit codes:') });
});

test('without a service the status says so and ends with its own code', async () => {
  expect(await carillon('status')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('No service runs in'),
  });
});

test('without the native modules the service starts, and says what is missing and what that costs', async () => {
  service = spawn(process.execPath, [program, '--data', data, 'serve'], { cwd: installed, stdio: 'pipe' });
  let told = '';
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      told += chunk.toString();
      if (told.includes('started in')) resolve();
    };
    service?.stdout?.on('data', read);
    service?.stderr?.on('data', read);
    service?.once('exit', () => reject(new Error(told)));
  });
  const { code, stdout } = await carillon('status');
  expect(code).toBe(0);
  expect(stdout).toContain('kerberos: The native module is missing: domain controllers cannot deliver');
  expect(stdout).toContain(
    "keytar: The native module is missing: the operating system's keychain cannot keep",
  );
  expect(stdout).toContain('Install libkrb5-dev, pkg-config, g++, make and python3, then run: npm ci');
});
