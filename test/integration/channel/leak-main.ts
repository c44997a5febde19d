/** Sends canary passwords through sender and receiver in one process, says so, and waits to be searched. */

import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { canaryLength, fillCanary } from '#test/canary.ts';

import { ChannelWorld, newChange } from '../../unit/channel/channel-world.ts';

const count = 1000;
let arrived = 0;
const world = await new ChannelWorld().start({
  onChange: async (_change, password) => {
    if (password.length === canaryLength) arrived += 1;
  },
});
const sender = await world.openSender();

async function sendCanary(index: number): Promise<void> {
  using password = SecretBytes.allocate(canaryLength);
  fillCanary(password.bytes, index);
  await sender.send(newChange(), password);
}

for (let index = 0; index < count / 2; index += 1) await sendCanary(index);
await Promise.all(Array.from({ length: count / 2 }, (_, index) => sendCanary(count / 2 + index)));
// The sender overwrites what is left on the native stack once it has been quiet for a moment.
await new Promise((resolve) => setTimeout(resolve, 500));
process.stdout.write(`${arrived}\n`);
process.stdin.resume();
