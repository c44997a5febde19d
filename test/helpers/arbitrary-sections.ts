import fc from 'fast-check';

import { type JsonObject, toJson } from '#exchange/snapshot/json-value.ts';
import { ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';

const letters = ['A', 'B', 'C', 'D'] as const;

/** Definitions that fit together, with mappings of some of the applications. */
export const arbitrarySections: fc.Arbitrary<JsonObject> = fc
  .record({
    filters: fc.uniqueArray(fc.constantFrom(...letters)),
    adapters: fc.uniqueArray(
      fc.record({ letter: fc.constantFrom(...letters), sends: fc.boolean(), grouped: fc.boolean() }),
      { selector: ({ letter }) => letter },
    ),
    groups: fc.uniqueArray(fc.constantFrom(...letters), { maxLength: 2 }),
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
  .map(({ filters, adapters, groups, applications }) => {
    const adapterLetters = adapters.map(({ letter }) => letter);
    const mapped = applications.filter(({ mapped: has }) => has);
    return toJson({
      filters: filters.map((letter) => ssoPasswordFilterSchema.parse({ name: `Filter${letter}` })),
      adapters: [
        ...groups.map((letter) =>
          ssoAdapterSchema.parse({
            name: `Group${letter}`,
            kind: 'group-adapter',
            computer: 'a.fabrikam.lab',
          }),
        ),
        ...adapters.map(({ letter, sends, grouped }) =>
          ssoAdapterSchema.parse({
            name: `Adapter${letter}`,
            computer: 'a.fabrikam.lab',
            sendChanges: sends,
            properties: { folder: `/srv/${letter}` },
            ...(grouped && groups[0] !== undefined ? { group: `Group${groups[0]}` } : {}),
          }),
        ),
      ],
      applications: applications.map(({ letter, enabled, description, adapter, filter }) => ({
        ...ssoApplicationSchema.parse({
          name: `App${letter}`,
          enabled,
          description,
          administrators: ['FABRIKAM\\AppAdmins'],
          users: ['FABRIKAM\\AppUsers'],
        }),
        ...(adapter && adapterLetters.includes(letter) ? { adapter: `Adapter${letter}` } : {}),
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
