import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { openHookServer } from '#capture/hook-server.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'carillon-hook-server-'));
let directory: string;
let server: Server;
let received: string[];
let problems: string[];

beforeEach(async () => {
  directory = folder();
  received = [];
  problems = [];
  server = await openHookServer({
    path: join(directory, 'run/hook.sock'),
    receive: async ({ account, password }) => {
      received.push(account);
      password.wipe();
      if (account === 'full') throw new Error('the disk is full');
    },
    report: (problem) => problems.push(problem),
    refuse: (problem) => problems.push(problem),
  });
});
afterEach(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

function message(account: string): Buffer {
  const [name, password] = [Buffer.from(account), Buffer.from('Secret-1')];
  const head = Buffer.from('CHK1\0\0\0\0');
  head.writeUInt16BE(name.length, 4);
  head.writeUInt16BE(password.length, 6);
  return Buffer.concat([head, name, password]);
}

/** What the server says to these bytes, until it hangs up. */
function say(bytes: Uint8Array | undefined): { readonly socket: Socket; readonly answer: Promise<Buffer> } {
  const socket = connect(join(directory, 'run/hook.sock'));
  if (bytes !== undefined) socket.write(bytes);
  const answer = new Promise<Buffer>((resolve) => {
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(parts)));
  });
  return { socket, answer };
}

const kept = Buffer.from('CHA1\0');
const refused = Buffer.from('CHA1\u0001');

test('far more hooks than may wait at a time are answered, one after the other', async () => {
  for (let index = 0; index < 300; index += 1)
    expect(await say(message(`user${index}`)).answer).toEqual(kept);
  expect(received).toHaveLength(300);
});

test('a peer beyond the limit is hung up on, and there is room again when others are gone', async () => {
  const silent = Array.from({ length: 64 }, () => say(undefined));
  await expect.poll(async () => (await say(message('late')).answer).length).toBe(0);
  for (const { socket } of silent) socket.destroy();
  await expect.poll(async () => say(message('next')).answer).toEqual(kept);
  expect(received).toContain('next');
  expect(problems).toEqual([]);
});

test('what cannot be kept is answered as such, and the next one is taken', async () => {
  expect(await say(message('full')).answer).toEqual(refused);
  expect(await say(message('jdoe')).answer).toEqual(kept);
  expect(problems).toEqual(['the disk is full']);
});

test('who does not speak as the hook does is hung up on', async () => {
  expect((await say(Buffer.from('GET / HTTP/1.1')).answer).length).toBe(0);
  expect(problems).toEqual(['Not a message of the hook']);
});
