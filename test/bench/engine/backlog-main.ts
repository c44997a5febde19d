/**
 * Collects and drains 100,000 changes in this process, whose memory is then the engine's alone; the target answers at
 * once. Prints one JSON document.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { PasswordTarget } from '#engine/password-target.ts';
import type { AgentId } from '#shared/model/change.ts';

import { source } from './bench-configuration.ts';
import { guidOf } from './bench-people.ts';
import { BenchProduct } from './bench-product.ts';
import { median } from './median.ts';
import { percentile } from './percentile.ts';

export interface BacklogReport {
  /** The most memory that the process ever had, MB of 2^20 bytes. */
  readonly rssMb: number;
  /** Waiting changes delivered and recorded per second. */
  readonly perSecond: number;
  /** Processor time of a change, accepted and delivered, in a queue of 100,000 as against one of 1,000. */
  readonly growth: number;
  readonly acceptedPerSecond: number;
  /** Microseconds from source object to the person's objects, among 100,000 people. */
  readonly lookUp: { readonly p50Us: number; readonly p99Us: number };
}

const people = 100_000;
const few = 1000;
const fewRuns = 20;

const target: PasswordTarget = {
  secure: true,
  setPassword: () => nextTurn(),
  verifyPassword: async () => ({ verdict: 'verified' }),
  probe: async () => undefined,
};
const [directory = ''] = process.argv.slice(2);
await using product = await BenchProduct.open({
  directory,
  people,
  concurrency: 8,
  targets: [
    {
      server: {
        suffix: 'dc=ldap,dc=lab',
        ldapsUrl: 'ldaps://ldap1.ldap.lab',
        serviceDn: 'cn=service,dc=ldap,dc=lab',
        servicePassword: 'unused',
      },
      standIn: target,
    },
  ],
  locate: (person) => ({ dn: `uid=user${person},ou=people,dc=ldap,dc=lab`, anchor: guidOf(person) }),
});

let round = 0;
/** Collects one change of each of `count` people, and then delivers them. */
async function run(first: number, count: number) {
  round += 1;
  const chosen = Array.from({ length: count }, (_, index) => first + index);
  const cpu = process.cpuUsage();
  product.hold(true);
  const begin = performance.now();
  await product.receiveAll(chosen, (person) => `Backlog-${round}-${person}`);
  const accepted = performance.now();
  await product.settle(count, [0], () => product.hold(false));
  const drained = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  return {
    cost: (user + system) / count,
    acceptedPerSecond: count / ((accepted - begin) / 1000),
    perSecond: count / ((drained - accepted) / 1000),
  };
}

function lookUp() {
  const { joins } = product.store;
  const times: number[] = [];
  for (let index = 0; index < 20_000; index += 1) {
    const person = (index * 7919) % people;
    const begin = performance.now();
    const object = joins.findConnector(source as AgentId, guidOf(person));
    if (object?.person === undefined || joins.connectorsOf(object.person).length !== 2)
      throw new Error(`Person ${person} is not joined`);
    times.push((performance.now() - begin) * 1000);
  }
  return { p50Us: Math.round(percentile(times, 0.5)), p99Us: Math.round(percentile(times, 0.99)) };
}

// Warm, and each time other people, as in the long queue.
for (let turn = 0; turn < 5; turn += 1) await run(turn * few, few);
const short = [];
for (let turn = 0; turn < fewRuns; turn += 1) short.push(await run((turn + 5) * few, few));
const long = await run(0, people);
const { delivered = 0, ...others } = product.outcomes;
if (delivered !== (5 + fewRuns) * few + people)
  throw new Error(`Not every delivery was delivered: ${JSON.stringify({ delivered, ...others })}`);
const shortCost = median(short.map(({ cost }) => cost));
console.error(
  `backlog: ${shortCost.toFixed(0)} µs a change with 1,000 waiting, ${long.cost.toFixed(0)} with 100,000`,
);
const report: BacklogReport = {
  rssMb: Math.round(process.resourceUsage().maxRSS / 1024),
  perSecond: Math.round(long.perSecond),
  growth: Number((long.cost / shortCost).toFixed(2)),
  acceptedPerSecond: Math.round(long.acceptedPerSecond),
  lookUp: lookUp(),
};
console.log(JSON.stringify(report));
