import fc from 'fast-check';
import { expect, test, vi } from 'vitest';

import { openSyncWorld, type SyncWorld, textOf } from '#test/sync-world.ts';

// A hundred worlds each, on a machine that may have much to do.
vi.setConfig({ testTimeout: 600_000 });
const account = 'FABRIKAM\\jdoe';

/** What may happen, in any order. */
type Step =
  | { readonly kind: 'windows' | 'external'; readonly password: number }
  | { readonly kind: 'take' | 'confirm' | 'fail' | 'reconnect' | 'echo' }
  | { readonly kind: 'wait'; readonly seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('windows' as const, 'external' as const), password: fc.nat(3) }),
  fc.record({
    kind: fc.constantFrom('take' as const, 'confirm' as const, 'reconnect' as const, 'echo' as const),
  }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.nat(90) }),
);

/** The external system, an adapter that may be slow, and Active Directory, which tells of everything that it is made to do. */
class Systems {
  external = '';
  readonly #world: SyncWorld;
  readonly #held: { readonly id: number; readonly password: string; readonly changedAt: number }[] = [];
  /** What Active Directory did and has not told yet. */
  readonly #echoes: string[] = [];
  /** Sets that the adapter made since somebody changed a password last. */
  setsSinceChange = 0;
  seen = 0;

  constructor(world: SyncWorld) {
    this.#world = world;
  }

  async run(one: Step): Promise<void> {
    const { windows, sso, synchronization } = this.#world;
    switch (one.kind) {
      case 'wait':
        await sso.clock.move(one.seconds * 1000);
        return;
      case 'windows':
        await sso.clock.move(1);
        this.setsSinceChange = 0;
        windows.passwords.set(account, `P${one.password}`);
        this.#echoes.push(`P${one.password}`);
        return;
      case 'external':
        await sso.clock.move(1);
        this.setsSinceChange = 0;
        this.external = `P${one.password}`;
        await this.#world.report('Mainframe', 'JDOE1', this.external);
        this.#collectEchoes();
        return;
      case 'echo':
        await this.#tell();
        return;
      case 'take': {
        const adapter = await this.#adapter();
        const handedOut = await synchronization.desk.take(adapter);
        if (handedOut === undefined) return;
        const { id, changedAt } = handedOut.notification;
        this.#held.push({ id, password: textOf(handedOut.password), changedAt });
        handedOut.password.wipe();
        return;
      }
      case 'confirm': {
        const held = this.#held.shift();
        if (held === undefined) return;
        this.external = held.password;
        this.setsSinceChange += 1;
        // The system's own capture tells of the set, before or after the adapter does.
        await this.#world.report('Mainframe', 'JDOE1', held.password);
        this.#collectEchoes();
        const success = { errorCode: 0, errorMessage: '', isTemporary: false };
        await synchronization.desk.confirm(await this.#adapter(), held.id, success).catch(() => undefined);
        return;
      }
      case 'reconnect':
        this.#held.length = 0;
        await synchronization.desk.release('Mainframe');
        return;
      case 'fail':
        return;
    }
  }

  /** Lets everything run out; false where it does not within a bound. */
  async settle(): Promise<boolean> {
    for (let round = 0; round < 20; round += 1) {
      while (this.#echoes.length > 0) await this.#tell();
      await this.run({ kind: 'reconnect' });
      await this.run({ kind: 'take' });
      if (this.#held.length === 0 && this.#echoes.length === 0) return true;
      while (this.#held.length > 0) await this.run({ kind: 'confirm' });
    }
    return false;
  }

  /** A change that this server made in Active Directory comes back as any other. */
  #collectEchoes(): void {
    const { changed, passwords } = this.#world.windows;
    for (; this.seen < changed.length; this.seen += 1) this.#echoes.push(passwords.get(account) ?? '');
  }

  async #tell(): Promise<void> {
    const password = this.#echoes.shift();
    if (password !== undefined) await this.#world.windowsChange(account, password);
  }

  async #adapter() {
    const adapter = await this.#world.sso.ports.database.adapters.find('Mainframe');
    if (adapter === undefined) throw new Error('No adapter');
    return adapter;
  }
}

test('whatever the order, all systems end with one password, after no more sets than changes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      await using world = await openSyncWorld();
      await world.addAdapter({
        name: 'Mainframe',
        verifyOldPassword: false,
        changeWindowsPassword: true,
        retryCount: 1000,
      });
      await world.addApplication({ name: 'Payroll', adapter: 'Mainframe' });
      await world.map('Payroll', account, 'JDOE1');
      const systems = new Systems(world);
      await systems.run({ kind: 'windows', password: 0 });
      expect(await systems.settle()).toBe(true);
      for (const one of steps) await systems.run(one);
      expect(await systems.settle()).toBe(true);
      // One more change, with everything quiet before it: it reaches every place, and goes nowhere twice.
      await world.sso.clock.move(1000);
      const before = await world.stored('Payroll', 'JDOE1');
      systems.setsSinceChange = 0;
      world.windows.passwords.set(account, 'Last');
      await world.windowsChange(account, 'Last');
      expect(await systems.settle()).toBe(true);
      expect(before).toBeDefined();
      expect(systems.setsSinceChange).toBe(1);
      expect(await world.stored('Payroll', 'JDOE1')).toBe('Last');
      expect(systems.external).toBe('Last');
      expect(world.reports).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test('of Windows changes in any order the newest is the one that stays', async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 2 }), async (order) => {
      await using world = await openSyncWorld();
      await world.addAdapter({ name: 'Mainframe' });
      await world.addApplication({ name: 'Payroll', adapter: 'Mainframe' });
      await world.map('Payroll', account, 'JDOE1');
      const now = world.sso.clock.now();
      let last: string | undefined;
      for (const [index, age] of order.entries()) {
        await world.windowsChange(account, `P${age}`, { changedAt: now - 100 + age });
        if (index % 2 === 0) last = (await world.deliver('Mainframe')).at(-1) ?? last;
      }
      last = (await world.deliver('Mainframe')).at(-1) ?? last;
      const newest = `P${Math.max(...order)}`;
      expect(await world.stored('Payroll', 'JDOE1')).toBe(newest);
      expect(last).toBe(`JDOE1 ${newest}`);
    }),
    { numRuns: 20 },
  );
});
