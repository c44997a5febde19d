import { expect, test } from 'vitest';

import { RecentHour } from '#host/metrics/recent-hour.ts';
import { agentIdSchema } from '#shared/model/change.ts';
import { ManualClock } from '#test/engine-clock.ts';

const hr = agentIdSchema.parse('22222222-2222-4222-8222-222222222222');
const minute = 60_000;

function begin() {
  const clock = new ManualClock();
  const depth = { waiting: 0, parked: 0 };
  const hour = new RecentHour({ clock, depth: () => ({ ...depth }) });
  hour.start();
  return { clock, depth, hour };
}

test('the queue is looked at every ten seconds, and the last look is now', async () => {
  const { clock, depth, hour } = begin();
  depth.waiting = 7;
  await clock.move(25_000);
  depth.waiting = 3;
  expect(hour.depths().map(({ at, waiting }) => [at - hour.startedAt, waiting])).toEqual([
    [0, 0],
    [10_000, 7],
    [20_000, 7],
    [25_000, 3],
  ]);
});

test('what is older than an hour is forgotten', async () => {
  const { clock, hour } = begin();
  hour.countSettled(hr, 'delivered', 40);
  await clock.move(59 * minute);
  hour.countSettled(hr, 'refused', 10);
  expect(Object.fromEntries(hour.outcomes().get(hr) ?? [])).toEqual({ delivered: 1, refused: 1 });
  await clock.move(2 * minute);
  expect(Object.fromEntries(hour.outcomes().get(hr) ?? [])).toEqual({ refused: 1 });
  expect(hour.latencies()).toEqual([]);
  expect(hour.depths().length).toBeLessThanOrEqual(361);
});

test('latency is told by the minute, within a step of its scale, for what was delivered', async () => {
  const { clock, hour } = begin();
  for (let each = 0; each < 98; each += 1) hour.countSettled(hr, 'delivered', 50);
  hour.countSettled(hr, 'delivered', 2000);
  hour.countSettled(hr, 'delivered', 2000);
  hour.countSettled(hr, 'cancelled', 90_000);
  const [first, ...others] = hour.latencies();
  expect(others).toEqual([]);
  expect(first).toMatchObject({ at: hour.startedAt, deliveries: 100 });
  expect(first?.p50).toBeGreaterThanOrEqual(50);
  expect(first?.p50).toBeLessThan(50 * 1.15);
  expect(first?.p99).toBeGreaterThanOrEqual(2000);
  expect(first?.p99).toBeLessThan(2000 * 1.15);
  await clock.move(minute);
  hour.countSettled(hr, 'delivered', 0);
  expect(hour.latencies().map(({ p50 }) => p50)).toEqual([first?.p50, 1]);
});

test('a stopped hour looks no more', () => {
  const { clock, hour } = begin();
  hour.stop();
  expect(clock.waiting).toBe(0);
});
