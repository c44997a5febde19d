import fc from 'fast-check';
import { expect, test } from 'vitest';

import { canonicalText } from '#exchange/snapshot/canonical-value.ts';
import type { JsonObject } from '#exchange/snapshot/json-value.ts';
import { SectionDesk } from '#host/snapshots/section-desk.ts';
import type { AuditEntry } from '#sso/ports.ts';
import { arbitrarySections } from '#test/arbitrary-sections.ts';
import { openSsoWorld, type SsoWorld } from '#test/sso-world.ts';

const nothing: JsonObject = { applications: [], adapters: [], filters: [], mappings: [] };

function deskOf({ ports }: SsoWorld): SectionDesk {
  return new SectionDesk({ database: ports.database, audit: ports.audit, changed: () => undefined });
}

const same = (one: JsonObject, other: JsonObject) => expect(canonicalText(one)).toBe(canonicalText(other));

test('whatever was there before, sections that are put in place are the ones that are read back', async () => {
  await using world = await openSsoWorld();
  const desk = deskOf(world);
  await fc.assert(
    fc.asyncProperty(arbitrarySections, arbitrarySections, async (before, after) => {
      for (const sections of [before, after, before]) {
        expect(desk.check(sections, await desk.read({ mappings: true }))).toEqual([]);
        await desk.apply(sections, () => () => undefined);
        same(await desk.read({ mappings: true }), sections);
      }
    }),
    { numRuns: 25 },
  );
});

test('what fails halfway leaves every definition as it was', async () => {
  await using world = await openSsoWorld();
  const desk = deskOf(world);
  await desk.apply(nothing, () => () => undefined);
  await fc.assert(
    fc.asyncProperty(arbitrarySections, arbitrarySections, async (before, after) => {
      await desk.apply(before, () => () => undefined);
      const failing = desk.apply(after, () => {
        throw new Error('The file cannot be written');
      });
      await expect(failing).rejects.toThrow('cannot be written');
      same(await desk.read({ mappings: true }), before);
    }),
    { numRuns: 15 },
  );
});

test('all that a restore made is told at once, so that thousands of lines share a transaction', async () => {
  await using world = await openSsoWorld();
  const messages: string[] = [];
  const release = Promise.withResolvers<void>();
  const record = ({ message }: AuditEntry): Promise<void> => {
    messages.push(message);
    return release.promise;
  };
  const audit = { record };
  const desk = new SectionDesk({ database: world.ports.database, audit, changed: () => undefined });
  const [target] = fc
    .sample(arbitrarySections, { numRuns: 50, seed: 1 })
    .filter(({ applications }) => Array.isArray(applications) && applications.length > 2);
  const tell = await desk.apply(target ?? nothing, () => () => undefined);
  const told = tell('somebody');
  const asked = messages.length;
  release.resolve();
  await told;
  expect(asked).toBe(messages.length);
  expect(asked).toBeGreaterThan(2);
});
