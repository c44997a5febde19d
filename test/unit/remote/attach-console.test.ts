import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { attachConsole } from '#host/console/attach-console.ts';
import { carillonContract } from '#shared/contract/carillon-contract.ts';
import { connect } from '#shared/rpc/connect.ts';
import { createPortPair } from '#shared/rpc/port-pair.ts';

const nowhere = { kind: 'directory', path: join(tmpdir(), 'carillon-nowhere') } as const;
const ways = { here: () => undefined };

test('a page that cannot be led anywhere is told why and what to do, and closed', async () => {
  const [page, far] = createPortPair();
  await attachConsole(far, nowhere, ways);
  const gone = new Promise((resolve) => page.closed(resolve));
  await expect(connect(carillonContract, page).call('system.status', {})).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('No service runs in'),
    fix: expect.stringContaining('carillon serve'),
  });
  expect(await gone).toContain('No service runs in');
});

test('a page that sends what is no frame meanwhile is closed, and nothing else happens', async () => {
  const [page, far] = createPortPair();
  await attachConsole(far, nowhere, ways);
  const gone = new Promise((resolve) => page.closed(resolve));
  page.send({ t: 'nothing' });
  expect(await gone).toContain('No service runs in');
});
