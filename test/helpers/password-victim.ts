import { once } from 'node:events';
import { writeSync } from 'node:fs';

import { createPasswordTarget } from '#agents/password-target-of.ts';
import type { Connector } from '#engine/join-table.ts';
import type { DirectoryAgent } from '#shared/model/agent.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { canaryLength, fillCanary } from './canary.ts';

/**
 * A program that sets a canary password on every account of its argument many times, proves each, and tries some
 * that fail. Then it says `done`, and waits to be searched until its standard input closes.
 */
export interface VictimOrder {
  readonly servers: readonly {
    readonly rounds: number;
    readonly agent: DirectoryAgent;
    readonly password: string;
    readonly connectors: readonly Connector[];
    /** Takes the attempts that are given up: the server may carry them out at any time after. */
    readonly late: Connector;
  }[];
}

const order = JSON.parse(process.argv[2] ?? '{}') as VictimOrder;
const { signal } = new AbortController();
const plain = { unlock: false, mustChange: false };
let count = 0;
let failed = 0;

function createCanary(): SecretBytes {
  const secret = SecretBytes.allocate(canaryLength + 2);
  count += 1;
  fillCanary(secret.bytes.subarray(0, canaryLength), count);
  // A small letter and a sign: the domain wants three kinds of characters.
  secret.bytes.set([0x61, 0x2d], canaryLength);
  return secret;
}

for (const { rounds, agent, password, connectors, late } of order.servers) {
  const credentials = async () => SecretBytes.take(new TextEncoder().encode(password));
  const target = createPasswordTarget(agent, credentials);
  const impatient = createPasswordTarget(
    { ...agent, password: { ...agent.password, operationTimeout: 0.001 } },
    credentials,
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const connector of connectors) {
      using secret = createCanary();
      await target.setPassword(connector, secret, plain, signal);
      const { verdict } = await target.verifyPassword(connector, secret, signal);
      if (verdict !== 'verified') throw new Error(`${agent.name}: ${verdict}`);
      using next = createCanary();
      await target.changePassword(connector, secret, next, signal);
      using lost = createCanary();
      const gone = {
        ...connector,
        dn: `cn=nobody,${connector.partition}`,
        anchor: connector.anchor.replace(/./g, 'f'),
      };
      await target.setPassword(gone, lost, plain, signal).catch(() => {
        failed += 1;
      });
      await impatient.setPassword(late, lost, plain, signal).catch(() => {
        failed += 1;
      });
    }
  }
  await target.close();
  await impatient.close();
}
writeSync(1, `done after ${count} passwords and ${failed} failures\n`);
await once(process.stdin.resume(), 'end');
