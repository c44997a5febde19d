import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { ServiceProcess } from './service-process.ts';

const commandLine = join(import.meta.dirname, '../../../src/main/cli.ts');

let service: ServiceProcess;

async function logLevel(): Promise<number> {
  const { stdout } = await service.carillonHere(['config', 'show', '--json']);
  return JSON.parse(stdout).configuration.logLevel;
}

describe('a service that runs', () => {
  beforeAll(() => {
    service = new ServiceProcess();
    return service.start();
  });
  afterAll(() => service.dispose());

  test('a fresh directory gets a configuration, keys and a store that only its owner may read', async () => {
    const { stdout } = await service.carillon(['status', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ mode: 'service', keys: { keeper: 'key-file', open: true } });
    const listing = readdirSync(service.dataDirectory).map(
      (name) => statSync(join(service.dataDirectory, name)).mode & 0o077,
    );
    expect(listing.every((mode) => mode === 0)).toBe(true);
  });

  test('a second service in the same directory is refused and disturbs nothing', async () => {
    const second = await service.carillon(['serve']);
    expect(second).toMatchObject({ code: 6, stderr: expect.stringContaining(`process ${service.pid}`) });
    expect(await service.carillonHere(['status'])).toMatchObject({ code: 0 });
  });

  test('a debugger cannot be started by signal, and a dump would hold no memory', async () => {
    service.signal('SIGUSR1');
    // A process: as long as a debugger would need to listen.
    await service.carillon(['status']);
    expect(service.log.every(({ severity }) => severity === 'information')).toBe(true);
    const sockets = readFileSync(`/proc/${service.pid}/net/tcp`, 'utf8');
    expect(sockets).not.toMatch(/0100007F:2405 00000000:0000 0A/);
    expect(readFileSync(`/proc/${service.pid}/coredump_filter`, 'utf8').trim()).toBe('00000000');
  });

  test.each([
    ['garbage', 'GET / HTTP/1.1\r\n\r\n'],
    ['a wrong frame', '{"t":"rm","id":1}\n'],
    ['an endless line', 'x'.repeat(5 * 1024 * 1024)],
  ])('%s on the control socket ends that connection alone', async (_, text) => {
    const socket = connect(join(service.dataDirectory, 'control.sock'));
    socket.on('error', () => {});
    socket.write(text);
    await new Promise((resolve) => socket.on('close', resolve).resume());
    expect(await service.carillonHere(['status'])).toMatchObject({ code: 0 });
  });

  test('Ctrl+C ends a follower with exit code 130', async () => {
    const args = [commandLine, 'events', '--follow', '--data', service.dataDirectory];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    // The service's own start is the first event that it prints; from then on it follows.
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
  });
});

describe('a service that starts and ends', () => {
  beforeEach(() => {
    service = new ServiceProcess();
  });
  afterEach(() => service.dispose());

  test('SIGTERM stops in order, and the store can be read afterwards', async () => {
    await service.start();
    expect(await service.end('SIGTERM')).toBe(0);
    const { code, stdout } = await service.carillon(['status', '--json']);
    expect({ code, mode: JSON.parse(stdout).mode }).toEqual({ code: 0, mode: 'read-only' });
    expect(await service.carillon(['queue', 'release', '--all'])).toMatchObject({ code: 3 });
    await service.start();
  });

  test('SIGTERM in the middle of the start stops in order too', async () => {
    const started = service.start().catch(() => {});
    await expect
      .poll(() => readdirSync(service.dataDirectory).length, { interval: 5, timeout: 15_000 })
      .toBeGreaterThan(0);
    expect(await service.end('SIGTERM')).toBe(0);
    await started;
  });

  test('a service that was killed starts again', async () => {
    await service.start();
    await service.end('SIGKILL');
    await service.start();
  });

  test('SIGHUP puts a good configuration in force and leaves a bad one out', async () => {
    service.configure({ version: 1, logLevel: 1 });
    await service.start();
    service.configure({ version: 1, logLevel: 3 });
    service.signal('SIGHUP');
    await expect.poll(logLevel).toBe(3);
    service.configure({ version: 1, logLevel: 4 });
    service.signal('SIGHUP');
    await expect
      .poll(() => service.log)
      .toContainEqual(
        expect.objectContaining({
          severity: 'error',
          path: 'logLevel',
          allowed: 'whole number, 0 to 3, default 1',
          fix: expect.any(String),
        }),
      );
    expect(await logLevel()).toBe(3);
  });

  test('a start with a bad configuration is refused with its mistake', async () => {
    service.configure('{"version": 1, "logLevel": 4}');
    const started = await service.carillon(['serve']);
    expect(started).toMatchObject({ code: 1, stderr: expect.stringMatching(/logLevel.*\n.*0 to 3/) });
  });
});
