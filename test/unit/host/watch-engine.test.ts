import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

import type { SeenDelivery } from '#engine/observation.ts';
import { AgentNames } from '#host/agent-names.ts';
import { ConfigurationFile } from '#host/configuration/configuration-file.ts';
import { Metrics } from '#host/metrics/metrics.ts';
import { watchEngine } from '#host/watch-engine.ts';
import { carillonContract } from '#shared/contract/carillon-contract.ts';
import { agentIdSchema, type CapturedChange, trackingIdSchema } from '#shared/model/change.ts';
import { Topics } from '#shared/rpc/topics.ts';
import { openDatabase } from '#store/database.ts';
import { storeMigrations } from '#store/migrations.ts';
import { QueueView } from '#store/queue-view.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-watch-'));
afterAll(() => rmSync(folder, { recursive: true }));
const target = agentIdSchema.parse('22222222-2222-4222-8222-222222222222');
const trackingId = trackingIdSchema.parse('33333333-3333-4333-8333-333333333333');
writeFileSync(
  join(folder, 'carillon.json'),
  JSON.stringify({
    version: 1,
    agents: [
      {
        id: target,
        name: 'HR',
        kind: 'ldap',
        connection: { url: 'ldaps://hr', authentication: { method: 'simple', user: 'cn=admin' } },
        partitions: [{ dn: 'dc=hr' }],
        password: { enabled: true },
      },
    ],
  }),
);

const delivery: SeenDelivery = {
  id: 1,
  trackingId,
  account: 'FABRIKAM\\alice',
  target,
  connector: 7,
  sequence: 1,
  receivedAt: 1000,
  attempts: 0,
};

test('what the engine does is counted and told', async () => {
  await using database = openDatabase(join(folder, 'store', 'carillon.db'), storeMigrations);
  const metrics = new Metrics({
    names: new AgentNames(ConfigurationFile.open(join(folder, 'carillon.json'))),
    queue: new QueueView(database),
    now: () => 5000,
    isOpen: () => true,
    busy: () => 3,
  });
  const topics = new Topics(carillonContract);
  const told: string[] = [];
  for (const topic of ['changes.changed', 'queue.changed', 'agents.changed'])
    topics.subscribe(topic, (payload) => told.push(`${topic} ${JSON.stringify(payload)}`));
  const settled: unknown[] = [];
  const observe = watchEngine(metrics, topics, {
    countSettled: (agent, outcome, latency) => settled.push({ agent, outcome, latency }),
  });
  const change = { trackingId } as CapturedChange;

  observe({ kind: 'received', at: 1000, change, sequence: 1, deliveries: 1 });
  observe({ kind: 'refused', at: 1000, change, sequence: 2, event: 7011, reason: 'unknown' });
  const attempt = { at: 1100, ms: 40, result: 'success', event: 6902 } as const;
  observe({ kind: 'attempted', delivery, attempt, timings: { setMs: 30, verifyMs: 10 } });
  observe({ kind: 'settled', at: 1140, delivery, outcome: 'delivered', event: 6902 });
  observe({ kind: 'breaker', at: 1200, agent: target, state: 'open' });
  observe({ kind: 'moved', at: 1300, count: 2 });

  expect(settled).toEqual([{ agent: target, outcome: 'delivered', latency: 140 }]);
  const text = await metrics.text();
  for (const line of [
    'carillon_changes_accepted_total 2',
    'carillon_changes_refused_total{event="7011"} 1',
    'carillon_delivery_attempts_total{target="HR",result="success"} 1',
    'carillon_target_operation_seconds_sum{target="HR",operation="set"} 0.03',
    'carillon_target_operation_seconds_sum{target="HR",operation="verify"} 0.01',
    'carillon_delivery_seconds_sum{target="HR",outcome="delivered"} 0.14',
    'carillon_target_open{target="HR"} 1',
    'carillon_target_busy{target="HR"} 3',
  ])
    expect(text).toContain(`${line}\n`);
  expect(told).toEqual([
    `changes.changed {"trackingId":"${trackingId}"}`,
    'queue.changed {}',
    `changes.changed {"trackingId":"${trackingId}"}`,
    'queue.changed {}',
    `changes.changed {"trackingId":"${trackingId}"}`,
    `queue.changed {"agent":"${target}"}`,
    `changes.changed {"trackingId":"${trackingId}"}`,
    `queue.changed {"agent":"${target}"}`,
    `agents.changed {"agent":"${target}"}`,
    'queue.changed {}',
  ]);
});
