import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { CapturedChange } from '#shared/model/change.ts';
import { settled } from '#test/engine-clock.ts';
import type { SetScript } from '#test/engine-target.ts';
import { EngineWorld, secretOf, targetConnector } from '#test/engine-world.ts';

const people = 2;
const targets = 2;
/** Seconds. A write that its sender gave up lands within this time, or never. */
const operationTimeout = 10;
const limit = operationTimeout * 1000;

const person = fc.integer({ min: 1, max: people });
const target = fc.nat({ max: targets - 1 });

const landing = fc.option(fc.integer({ min: 0, max: limit - 1 }), { nil: undefined });
const script: fc.Arbitrary<SetScript> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('set' as const), after: fc.nat({ max: 3000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('lose' as const),
      after: fc.nat({ max: 2000 }),
      landsAfter: landing,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hang' as const), landsAfter: landing }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      word: fc.constantFrom('server-busy', 'access-denied', 'server-down', 'not-verified'),
      after: fc.nat({ max: 500 }),
    }),
  },
);

type Step =
  | { readonly do: 'capture'; readonly person: number }
  /** Hands one of the captured changes over, whichever: late, out of order, or once more. */
  | { readonly do: 'hand'; readonly which: number; readonly atOnce: boolean }
  | { readonly do: 'move'; readonly by: number }
  | { readonly do: 'behave'; readonly target: number; readonly scripts: readonly SetScript[] }
  | { readonly do: 'answer'; readonly target: number; readonly answers: boolean }
  | { readonly do: 'hold'; readonly target: number; readonly hold: boolean }
  | { readonly do: 'switch'; readonly enabled: boolean }
  | { readonly do: 'fill disk'; readonly full: boolean }
  | { readonly do: 'kill' | 'stop' | 'start' | 'release' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('capture' as const), person }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('hand' as const),
      which: fc.nat({ max: 20 }),
      atOnce: fc.boolean(),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      by: fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 2500 }), fc.nat({ max: 30_000 })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('behave' as const),
      target,
      scripts: fc.array(script, { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('answer' as const), target, answers: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hold' as const), target, hold: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('switch' as const), enabled: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fill disk' as const), full: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('kill' as const, 'stop' as const, 'start' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const) }) },
);

interface Captured {
  readonly change: CapturedChange;
  readonly person: number;
  readonly password: string;
}

/** An engine that meets whatever the steps say, and what every moment of it must keep. */
class Ordeal {
  readonly world: EngineWorld;
  readonly captured: Captured[] = [];
  readonly acknowledged = new Set<string>();
  /** Ages of the passwords that the engine sent to a connector, in the order of its calls. */
  readonly sent = new Map<number, number[]>();
  readonly scripts: SetScript[][] = [];

  constructor(verify: boolean) {
    const password = { verify, operationTimeout, retryInterval: 7, retryCount: 5, concurrency: 3 };
    this.world = new EngineWorld({ people, targets, password });
    for (const [index, one] of this.world.targets.entries()) {
      this.scripts[index] = [];
      one.script = ({ id }, text) => {
        this.sent.set(id, [...(this.sent.get(id) ?? []), ageOf(text)]);
        return this.scripts[index]?.shift() ?? { kind: 'set', after: 1 };
      };
    }
  }

  async run(steps: readonly Step[]): Promise<void> {
    await this.world.engine.start();
    for (const one of steps) {
      this.take(one);
      // Two changes of one turn meet before either is on disk.
      if (one.do === 'hand' && one.atOnce) continue;
      await settled();
      if (one.do === 'move') await this.world.clock.move(one.by);
    }
    await this.calm();
  }

  take(one: Step): void {
    const { world } = this;
    if (one.do === 'capture') {
      const password = `${this.captured.length + 1}`;
      this.captured.push({ change: world.change({ person: one.person }), person: one.person, password });
    } else if (one.do === 'hand') this.hand(this.captured.at(one.which % Math.max(1, this.captured.length)));
    else if (one.do === 'behave') this.scripts[one.target] = [...one.scripts];
    else if (one.do === 'answer') this.target(one.target).answers = one.answers;
    else if (one.do === 'hold') world.configureTarget({ hold: one.hold }, one.target);
    else if (one.do === 'switch')
      world.configure(({ passwordSync }) => {
        passwordSync.enabled = one.enabled;
      });
    else if (one.do === 'fill disk') world.queue.failure = one.full ? new Error('disk full') : undefined;
    else if (one.do === 'kill') world.kill();
    else if (one.do === 'stop') void world.engine.stop();
    else if (one.do === 'start') void world.engine.start();
    else if (one.do === 'release') this.release(['parked', 'waiting']);
  }

  hand(captured: Captured | undefined): void {
    if (captured === undefined) return;
    const { change, password } = captured;
    this.world.engine.receive(change, secretOf(password)).then(
      () => this.acknowledged.add(change.trackingId),
      () => undefined,
    );
  }

  release(states: readonly string[]): void {
    const ids = this.world.queue.deliveries.filter(({ state }) => states.includes(state)).map(({ id }) => id);
    if (ids.length > 0) this.world.engine.release(ids).catch(() => undefined);
  }

  target(index: number) {
    const found = this.world.targets[index];
    if (found === undefined) throw new Error(`No target ${index}`);
    return found;
  }

  /** Everything is well again; every sender hands over what was not acknowledged. */
  async calm(): Promise<void> {
    const { world } = this;
    world.queue.failure = undefined;
    for (const index of world.targets.keys()) {
      this.scripts[index] = [];
      this.target(index).answers = true;
      world.configureTarget({ hold: false }, index);
    }
    this.take({ do: 'switch', enabled: true });
    void world.engine.start();
    // A stop that is under way waits for its operations.
    await world.clock.move(30_000);
    await world.engine.start();
    for (const captured of this.captured)
      if (!this.acknowledged.has(captured.change.trackingId)) this.hand(captured);
    await settled();
    this.release(['parked']);
    await world.clock.move(20 * 60_000);
    this.release(['parked']);
    await world.clock.move(20 * 60_000);
  }

  check(): void {
    const { queue } = this.world;
    expect(this.acknowledged.size).toBe(this.captured.length);
    expect(queue.deliveries.filter(({ state }) => state !== 'settled')).toEqual([]);
    expect(queue.broken).toEqual([]);
    const refusals = [...queue.changes.values()].map(({ refusal }) => refusal?.event);
    expect(refusals.every((event) => event === undefined || event === 6919)).toBe(true);
    for (const [connector, ages] of this.sent)
      expect(ages, `calls to ${connector}`).toEqual(ages.toSorted((left, right) => left - right));
    for (let one = 1; one <= people; one += 1) {
      const newest = this.captured.findLast((captured) => captured.person === one);
      if (newest === undefined) continue;
      for (const [index, { passwords }] of this.world.targets.entries())
        expect(passwords.get(targetConnector(one, index))).toBe(newest.password);
      const endings = queue.of(newest.change.trackingId).map(({ outcome }) => outcome);
      expect(endings).toEqual(['delivered', 'delivered']);
    }
    expect(this.world.mostOnOne).toBeLessThanOrEqual(1);
  }
}

function ageOf(password: string): number {
  return Number(password);
}

test('whatever fails, no older password is written after a newer one, and every change has one end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
      async (verify, steps) => {
        const ordeal = new Ordeal(verify);
        await ordeal.run(steps);
        ordeal.check();
      },
    ),
    { numRuns: Number(process.env['ENGINE_RUNS'] ?? 150) },
  );
}, 600_000);

test('a lost write never wins, however late it lands and whoever has died meanwhile', async () => {
  const loss = fc.oneof(
    fc.record({ kind: fc.constant('lose' as const), landsAfter: fc.integer({ min: 0, max: limit - 1 }) }),
    fc.record({ kind: fc.constant('hang' as const), landsAfter: fc.integer({ min: 0, max: limit - 1 }) }),
  );
  const change = fc.constant([
    { do: 'capture', person: 1 },
    { do: 'hand', which: -1, atOnce: false },
  ] as const);
  const part: fc.Arbitrary<readonly Step[]> = fc.oneof(
    { weight: 4, arbitrary: change },
    {
      weight: 3,
      arbitrary: fc.tuple(fc.record({ do: fc.constant('move' as const), by: fc.nat({ max: 12_000 }) })),
    },
    {
      weight: 3,
      arbitrary: loss.map((one) => [{ do: 'behave' as const, target: 0, scripts: [one] }]),
    },
    { weight: 1, arbitrary: fc.constant([{ do: 'kill' }, { do: 'start' }] as const) },
    { weight: 1, arbitrary: fc.constant([{ do: 'release' }] as const) },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(part, { minLength: 3, maxLength: 25, size: 'max' }),
      async (verify, parts) => {
        const ordeal = new Ordeal(verify);
        await ordeal.run(parts.flat());
        ordeal.check();
      },
    ),
    { numRuns: Number(process.env['ENGINE_RUNS'] ?? 150) },
  );
}, 600_000);

test('a target that fails in any way delays no delivery to another one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), async (steps) => {
      const ordeal = new Ordeal(true);
      const sick = steps.filter(
        (one) =>
          !['kill', 'stop', 'switch', 'fill disk'].includes(one.do) &&
          (!('target' in one) || one.target === 0),
      );
      await ordeal.run(sick);
      const { observations } = ordeal.world;
      const times = observations.flatMap((seen) =>
        seen.kind === 'settled' && targetConnector(1, 1) % 1000 === seen.delivery.connector % 1000
          ? [seen.at - seen.delivery.receivedAt]
          : [],
      );
      expect(Math.max(0, ...times)).toBeLessThanOrEqual(2);
    }),
    { numRuns: Number(process.env['ENGINE_RUNS'] ?? 60) },
  );
}, 600_000);
