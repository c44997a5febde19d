/**
 * Sends rounds of changes as one domain controller does, as many at a time as its channel lets it, and prints the
 * rates as JSON. Takes its order as JSON on standard input: Kerberos reads its files from the environment.
 */
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';

import { openSender, type SenderOptions } from '#channel/sender.ts';
import type { TrackingId } from '#shared/model/change.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { guidOf } from './bench-people.ts';

export interface AcceptOrder {
  readonly options: SenderOptions;
  readonly people: number;
  readonly rounds: number;
}

export interface AcceptReport {
  /** Acknowledged changes per second of each round. */
  readonly perSecond: readonly number[];
}

const { options, people, rounds } = JSON.parse(await text(process.stdin)) as AcceptOrder;
const sender = await openSender(options);
const encoder = new TextEncoder();

async function send(person: number, version: number): Promise<void> {
  const now = Date.now();
  using password = SecretBytes.take(encoder.encode(`Accept-${version}-${person}-Pw`));
  await sender.send(
    {
      trackingId: randomUUID() as TrackingId,
      objectGuid: guidOf(person),
      domain: 'FABRIKAM',
      account: `user${person}`,
      sourceServer: 'dc1.fabrikam.lab',
      committedAt: now,
      capturedAt: now,
      queuedAt: now,
      sentAt: now,
      version,
    },
    password,
  );
}

const perSecond: number[] = [];
for (let round = 1; round <= rounds; round += 1) {
  const begin = performance.now();
  await Promise.all(Array.from({ length: people }, (_, person) => send(person, round)));
  perSecond.push(people / ((performance.now() - begin) / 1000));
}
await sender.close();
const report: AcceptReport = { perSecond };
process.stdout.write(JSON.stringify(report));
