import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { type RunningOpenLdap, startOpenLdap } from '#lab/openldap-server.ts';

import { benchDn, benchEntries, readAnchors } from './bench-people.ts';
import { BenchProduct } from './bench-product.ts';
import { median } from './median.ts';
import { runLdapModify } from './run-ldapmodify.ts';

const people = 1500;
const rounds = 5;

/** Sets per second, received to recorded, beside OpenLDAP's own client in turns on the same server. */
export async function measureDelivery(directory: string, say: (line: string) => void) {
  const server = await startOpenLdap({ directory: join(directory, 'ldap'), entries: benchEntries(people) });
  try {
    const anchors = await readAnchors(server, people);
    const connections1 = await compare(directory, server, anchors, 1, say);
    const connections8 = await compare(directory, server, anchors, 8, say);
    const verified = await compare(directory, server, anchors, 8, say, true);
    return { connections1, connections8, verifiedConnections8: { engine: verified.engine } };
  } finally {
    await server.stop();
  }
}

async function compare(
  parent: string,
  server: RunningOpenLdap,
  anchors: readonly string[],
  connections: number,
  say: (line: string) => void,
  verify = false,
) {
  const directory = join(parent, `delivery-${connections}-${verify}`);
  mkdirSync(directory, { mode: 0o700 });
  const product = await BenchProduct.open({
    directory,
    targets: [{ server }],
    concurrency: connections,
    verify,
    people,
    locate: (person) => ({ dn: benchDn(person), anchor: anchors[person] ?? '' }),
  });
  const engine: number[] = [];
  const c: number[] = [];
  let round = 0;
  const passwordOf = (person: number): string => `Bench-${connections}-${verify}-${round}-${person}`;
  try {
    // The first round warms both up and does not count.
    for (let turn = 0; turn <= rounds; turn += 1) {
      round += 1;
      const begin = performance.now();
      await product.settle(people, [0], () => product.receiveAll(anchors.keys(), passwordOf));
      const mine = people / ((performance.now() - begin) / 1000);
      round += 1;
      const theirs = verify ? 0 : await runLdapModify(server, connections, people, passwordOf);
      if (turn > 0) {
        engine.push(mine);
        c.push(theirs);
      }
      say(`delivery over ${connections}: engine ${mine.toFixed(0)}/s, C ${theirs.toFixed(0)}/s`);
    }
    const { delivered = 0, ...others } = product.outcomes;
    if (delivered !== people * (rounds + 1))
      throw new Error(`Not every delivery was delivered: ${JSON.stringify({ delivered, ...others })}`);
  } finally {
    await product.close();
  }
  return {
    engine: Math.round(median(engine)),
    c: Math.round(median(c)),
    // Of neighbours: whatever else the machine does then weighs on both.
    ratio: Number(median(engine.map((rate, index) => rate / (c[index] ?? Number.NaN))).toFixed(2)),
  };
}
