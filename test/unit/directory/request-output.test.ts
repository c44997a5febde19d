import { Writable } from 'node:stream';

import { expect, test } from 'vitest';

import { BerWriter } from '#directory/ber-writer.ts';
import { RequestOutput } from '#directory/request-output.ts';

/** A socket that takes a write when it is told to, and would join what waits, as a TLS socket does. */
class SlowSocket extends Writable {
  readonly taken: Buffer[] = [];
  readonly texts: string[] = [];
  joined = 0;
  #done: (() => void) | undefined;

  take(): void {
    this.#done?.();
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.taken.push(chunk);
    this.texts.push(chunk.toString('latin1'));
    this.#done = done;
  }

  override _writev(chunks: unknown[], done: () => void): void {
    this.joined += chunks.length;
    done();
  }
}

function requestOf(text: string): BerWriter {
  const request = new BerWriter();
  request.text(text);
  return request;
}

/** The bytes of these requests, a character each. */
function sent(...texts: readonly string[]): string {
  return Buffer.concat(texts.map((text) => requestOf(text).finish())).toString('latin1');
}

const isWiped = (bytes: Uint8Array): boolean => bytes.length > 0 && bytes.every((byte) => byte === 0);

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('requests that come during a write leave together in the next, and Node joins none of them', async () => {
  const socket = new SlowSocket();
  const output = new RequestOutput(socket);
  for (const text of ['one', 'two', 'three']) output.send(requestOf(text));
  expect(socket.texts).toEqual([sent('one')]);
  socket.take();
  await turn();
  expect(socket.texts).toEqual([sent('one'), sent('two', 'three')]);
  socket.take();
  await turn();
  expect(socket.joined).toBe(0);
});

test('what has left is wiped, the request at once and its copy when the socket has taken it', async () => {
  const socket = new SlowSocket();
  const output = new RequestOutput(socket);
  const request = requestOf('secret');
  const bytes = request.finish();
  output.send(request);
  expect(isWiped(bytes)).toBe(true);
  expect(socket.texts).toEqual([sent('secret')]);
  expect(socket.taken.map(isWiped)).toEqual([false]);
  socket.take();
  await turn();
  expect(socket.taken.map(isWiped)).toEqual([true]);
});

test('what a lost socket never took is wiped, and so is whatever comes later', async () => {
  const socket = new SlowSocket();
  const output = new RequestOutput(socket);
  const waiting = requestOf('waiting');
  const late = requestOf('late');
  const bytes = [waiting.finish(), late.finish()];
  output.send(requestOf('leaving'));
  output.send(waiting);
  socket.destroy();
  output.discard();
  output.send(late);
  await turn();
  expect(socket.taken.map(isWiped)).toEqual([true]);
  expect(bytes.map(isWiped)).toEqual([true, true]);
});

test('the socket is closed behind the last request', async () => {
  const socket = new SlowSocket();
  const output = new RequestOutput(socket);
  output.send(requestOf('first'));
  output.send(requestOf('goodbye'));
  output.end();
  socket.take();
  await turn();
  expect(socket.writableEnded).toBe(false);
  socket.take();
  await turn();
  expect(socket.texts).toEqual([sent('first'), sent('goodbye')]);
  expect(socket.writableFinished).toBe(true);
});
