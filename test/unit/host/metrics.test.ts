import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { AgentNames } from '#host/agent-names.ts';
import { ConfigurationFile } from '#host/configuration/configuration-file.ts';
import { Metrics } from '#host/metrics/metrics.ts';
import { type MetricsServer, serveMetrics } from '#host/metrics/metrics-server.ts';
import { QueueView } from '#store/queue-view.ts';
import { hr, mail, noon, QueueScene } from '#test/queue-scene.ts';

const scene = new QueueScene();
let metrics: Metrics;
let server: MetricsServer;
let text: string;

beforeAll(async () => {
  const agent = (id: string, name: string) => ({
    id,
    name,
    kind: 'ldap',
    connection: { url: 'ldaps://ldap.lab', authentication: { method: 'simple', user: 'cn=admin' } },
    partitions: [{ dn: 'dc=lab' }],
    password: { enabled: true },
  });
  const file = join(scene.directory, 'carillon.json');
  writeFileSync(file, JSON.stringify({ version: 1, agents: [agent(hr, 'HR'), agent(mail, 'Mail')] }));
  metrics = new Metrics({
    names: new AgentNames(ConfigurationFile.open(file)),
    queue: new QueueView(scene.database),
    now: () => noon + 61_001,
    isOpen: (agent) => agent === mail,
    busy: (agent) => (agent === hr ? 3 : 0),
  });
  await scene.accept(1, { receivedAt: noon + 1_001 });
  const { id } = await scene.accept(2);
  await scene.queue.cancel([id], 'No longer wanted', noon + 2_000);
  metrics.countAccepted();
  metrics.countRefused(7012);
  metrics.countEvent(6902, 'information');
  metrics.countAttempt(hr, { at: noon, ms: 30, result: 'success', event: 6902 }, { setMs: 30, verifyMs: 10 });
  metrics.observeSettled(hr, 'delivered', 140);
  server = await serveMetrics(metrics, 0);
  text = await (await fetch(server.url)).text();
});
afterAll(async () => {
  await server.close();
  await scene[Symbol.asyncDispose]();
});

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
}

function ask(host: string, path: string, method = 'GET'): Promise<Answer> {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ host, port, path, method }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] });
    })
      .on('error', reject)
      .end();
  });
}

test('the endpoint listens on the loopback address alone', async () => {
  expect(new URL(server.url).hostname).toBe('127.0.0.1');
  // Every 127.x is this machine: a server on all addresses would answer on this one too.
  await expect(ask('127.0.0.9', '/metrics')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await expect(ask('::1', '/metrics')).rejects.toThrow();
});

test('it answers GET /metrics in the text format of Prometheus and nothing else', async () => {
  expect(await ask('127.0.0.1', '/metrics')).toEqual({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
  });
  expect((await ask('127.0.0.1', '/')).status).toBe(404);
  expect((await ask('127.0.0.1', '/metrics', 'POST')).status).toBe(404);
});

test('every line is a remark or a sample of a family that was declared before', () => {
  const label = String.raw`[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"`;
  const sample = new RegExp(String.raw`^([a-zA-Z_:][\w:]*)(?:\{${label}(?:,${label})*\})? (\S+)$`);
  const declared = new Set<string>();
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line);
    if (type?.[1] !== undefined) declared.add(type[1]);
    if (line === '' || line.startsWith('#')) continue;
    const [, name = '', value = ''] = sample.exec(line) ?? [];
    expect(declared, line).toContain(
      declared.has(name) ? name : name.replace(/_(bucket|sum|count|total)$/, ''),
    );
    expect(Number.isFinite(Number(value)) || /^(\+Inf|-Inf|NaN)$/.test(value), line).toBe(true);
  }
});

test('depth, oldest age, rate, latency, outcomes and busy lanes are told by target', () => {
  for (const line of [
    'carillon_changes_accepted_total 1',
    'carillon_changes_refused_total{event="7012"} 1',
    'carillon_queue_deliveries{target="HR",state="waiting"} 1',
    'carillon_queue_deliveries{target="HR",state="parked"} 0',
    'carillon_queue_oldest_seconds{target="HR"} 60',
    'carillon_deliveries_total{target="HR",outcome="cancelled"} 1',
    'carillon_delivery_attempts_total{target="HR",result="success"} 1',
    'carillon_delivery_seconds_sum{target="HR",outcome="delivered"} 0.14',
    'carillon_target_operation_seconds_count{target="HR",operation="verify"} 1',
    'carillon_target_busy{target="HR"} 3',
    'carillon_target_open{target="HR"} 0',
    'carillon_target_open{target="Mail"} 1',
    'carillon_events_total{event="6902",severity="information"} 1',
  ])
    expect(text).toContain(`${line}\n`);
});

test('the documents name every series with its type and labels, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/metrics.md'), 'utf8');
  const documented = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| ([\w, ]*) ?\|/gm)].map(
    ([, name, type, labels = '']) => `${name} ${type} ${labels.trim()}`,
  );
  const served = [...text.matchAll(/^# TYPE (carillon_\w+) (\w+)$/gm)].map(([, name = '', type]) => {
    const line = new RegExp(`^${name}(?:_bucket)?\\{(.*)\\}`, 'm').exec(text)?.[1] ?? '';
    const labels = [...line.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'le');
    return `${name} ${type} ${labels.join(', ')}`;
  });
  expect(documented.toSorted()).toEqual(served.toSorted());
});
