import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { createControlAddress } from '#host/control/control-address.ts';
import { listenForControl } from '#host/control/control-listener.ts';
import { dialControl } from '#host/control/dial-control.ts';
import { lineLimit } from '#shared/rpc/line-decoder.ts';
import type { Port } from '#shared/rpc/port.ts';

/** The next frame of a port, or why it ended. */
function nextOf(port: Port): Promise<unknown> {
  return new Promise((resolve) => {
    port.closed(resolve);
    port.receive(resolve);
  });
}

test('an answer may be as long as a whole installation, a call may not', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'control-'));
  const listener = await listenForControl(createControlAddress(directory), (port) =>
    port.receive(() => port.send({ answer: 'x'.repeat(4 * lineLimit) })),
  );
  try {
    const client = await dialControl(directory);
    client.send({ call: 'short' });
    // Not the answer itself: a failure would print it.
    expect(JSON.stringify(await nextOf(client)).length).toBeGreaterThan(4 * lineLimit);
    client.send({ call: 'x'.repeat(lineLimit) });
    expect(await new Promise((resolve) => client.closed(resolve))).toEqual(expect.any(String));
  } finally {
    await listener.close();
    rmSync(directory, { recursive: true });
  }
});
