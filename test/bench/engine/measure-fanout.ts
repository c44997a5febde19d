import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { startOpenLdap } from '#lab/openldap-server.ts';

import { benchDn, benchEntries, readAnchors } from './bench-people.ts';
import { BenchProduct } from './bench-product.ts';
import { median } from './median.ts';

const targets = 8;
const people = 300;
const rounds = 5;

/**
 * Changes per second that reach eight directories, and how the other seven fare while one is stopped. The directories
 * commit without waiting for the disk: in a company each has its own.
 */
export async function measureFanout(parent: string, say: (line: string) => void) {
  const directory = join(parent, 'fanout');
  mkdirSync(directory, { mode: 0o700 });
  const entries = benchEntries(people);
  await using stopping = new AsyncDisposableStack();
  const servers = [];
  for (let index = 0; index < targets; index += 1) {
    const server = await startOpenLdap({
      directory: join(directory, `ldap-${index}`),
      entries,
      noSync: true,
    });
    stopping.defer(() => server.stop());
    servers.push(server);
  }
  // entryUUIDs differ from server to server.
  const anchors = await Promise.all(servers.map((server) => readAnchors(server, people)));
  const product = stopping.use(
    await BenchProduct.open({
      directory,
      targets: servers.map((server) => ({ server })),
      concurrency: 8,
      people,
      locate: (person, target) => ({ dn: benchDn(person), anchor: anchors[target]?.[person] ?? '' }),
    }),
  );
  let round = 0;
  const everyone = Array.from({ length: people }, (_, person) => person);
  /** Changes per second until these targets have them all. */
  const run = async (indexes: readonly number[]): Promise<number> => {
    round += 1;
    const begin = performance.now();
    await product.settle(people, indexes, () =>
      product.receiveAll(everyone, (person) => `Fan-${round}-${person}-Pw`),
    );
    return people / ((performance.now() - begin) / 1000);
  };
  const all = servers.map((_, index) => index);
  const [stopped, ...others] = all;
  const dead = servers[stopped ?? 0];
  await run(all);
  const perSecond: number[] = [];
  const ratios: number[] = [];
  for (let turn = 0; turn < rounds; turn += 1) {
    perSecond.push(await run(all));
    const alive = await run(others);
    await product.settledUpTo(round * people, stopped ?? 0);
    dead?.pause();
    const withOneDead = await run(others);
    dead?.resume();
    // What waited for it arrives before the next turn.
    await product.settledUpTo(round * people, stopped ?? 0);
    ratios.push(withOneDead / alive);
    say(
      `fan-out: ${perSecond.at(-1)?.toFixed(0)}/s to all, seven: ${alive.toFixed(0)}/s, with one dead ${withOneDead.toFixed(0)}/s`,
    );
  }
  const { delivered = 0, ...rest } = product.outcomes;
  if (delivered !== round * people * targets)
    throw new Error(`Not every delivery was delivered: ${JSON.stringify({ delivered, ...rest })}`);
  return { perSecond: Math.round(median(perSecond)), ratioWithOneDead: Number(median(ratios).toFixed(2)) };
}
