import fc from 'fast-check';
import { expect, test } from 'vitest';

import { canonicalText } from '#exchange/snapshot/canonical-value.ts';
import { type JsonObject, toJson } from '#exchange/snapshot/json-value.ts';
import { SectionDesk } from '#host/snapshots/section-desk.ts';
import { ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';
import { openSsoWorld, type SsoWorld } from '#test/sso-world.ts';

const letters = ['A', 'B', 'C', 'D'] as const;
const nothing: JsonObject = { applications: [], adapters: [], filters: [], mappings: [] };

/** Definitions that fit together, with mappings of some of the applications. */
const arbitrarySections: fc.Arbitrary<JsonObject> = fc
  .record({
    filters: fc.uniqueArray(fc.constantFrom(...letters)),
    adapters: fc.uniqueArray(fc.constantFrom(...letters)),
    applications: fc.uniqueArray(
      fc.record({
        letter: fc.constantFrom(...letters),
        enabled: fc.boolean(),
        description: fc.string({ maxLength: 8 }),
        adapter: fc.boolean(),
        filter: fc.boolean(),
        mapped: fc.boolean(),
      }),
      { selector: ({ letter }) => letter },
    ),
  })
  .map(({ filters, adapters, applications }) => {
    const mapped = applications.filter(({ mapped: has }) => has);
    return toJson({
      filters: filters.map((letter) => ssoPasswordFilterSchema.parse({ name: `Filter${letter}` })),
      adapters: adapters.map((letter) =>
        ssoAdapterSchema.parse({ name: `Adapter${letter}`, computer: 'a.fabrikam.lab' }),
      ),
      applications: applications.map(({ letter, enabled, description, adapter, filter }) => ({
        ...ssoApplicationSchema.parse({
          name: `App${letter}`,
          enabled,
          description,
          administrators: ['FABRIKAM\\AppAdmins'],
          users: ['FABRIKAM\\AppUsers'],
        }),
        ...(adapter && adapters.includes(letter) ? { adapter: `Adapter${letter}` } : {}),
        ...(filter && filters.includes(letter) ? { filter: `Filter${letter}` } : {}),
      })),
      mappings: mapped.map(({ letter, enabled }) => ({
        name: `App${letter}: FABRIKAM\\alice = ALICE${letter}`,
        application: `App${letter}`,
        windowsAccount: 'FABRIKAM\\alice',
        externalUser: `ALICE${letter}`,
        enabled,
      })),
    }) as JsonObject;
  });

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
        await desk.apply(sections, () => undefined);
        same(await desk.read({ mappings: true }), sections);
      }
    }),
    { numRuns: 25 },
  );
});

test('what fails halfway leaves every definition as it was', async () => {
  await using world = await openSsoWorld();
  const desk = deskOf(world);
  await desk.apply(nothing, () => undefined);
  await fc.assert(
    fc.asyncProperty(arbitrarySections, arbitrarySections, async (before, after) => {
      await desk.apply(before, () => undefined);
      const failing = desk.apply(after, () => {
        throw new Error('The file cannot be written');
      });
      await expect(failing).rejects.toThrow('cannot be written');
      same(await desk.read({ mappings: true }), before);
    }),
    { numRuns: 15 },
  );
});
