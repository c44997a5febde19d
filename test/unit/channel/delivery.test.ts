import { expect, test } from 'vitest';

import { ChannelWorld, newChange, secret } from './channel-world.ts';

test('a change arrives whole, with its password and its caller', async () => {
  await using world = await new ChannelWorld().start();
  const sender = await world.openSender();
  const change = newChange({ account: 'Zoë Müller' });
  const receipt = await sender.send(change, secret('Pässwörd 😀'));
  expect(receipt.trackingId).toBe(change.trackingId);
  expect(world.received).toEqual([
    {
      change,
      password: 'Pässwörd 😀',
      caller: { principal: 'DC1$@FABRIKAM.LAB', account: 'DC1$', domain: 'FABRIKAM' },
    },
  ]);
});
