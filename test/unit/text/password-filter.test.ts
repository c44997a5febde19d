import fc from 'fast-check';
import { expect, test } from 'vitest';

import { passwordFilterRulesSchema, ssoPasswordFilterSchema } from '#shared/model/sso-password-filter.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { applyPasswordFilter, findFilterCollisions } from '#shared/text/password-filter.ts';

type Rules = Parameters<typeof passwordFilterRulesSchema.parse>[0];

function filter(rules: Rules, password: string): string {
  using secret = SecretBytes.take(new TextEncoder().encode(password));
  using filtered = applyPasswordFilter(passwordFilterRulesSchema.parse(rules), secret);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(filtered.bytes);
}

test.each([
  ['upper case', { format: 'upper' }, 'Straße-ñ1', 'STRASSE-Ñ1'],
  ['lower case', { format: 'lower' }, 'PASSÉ', 'passé'],
  ['remove', { remove: '!-' }, 'a!b-c!', 'abc'],
  [
    'substitute',
    {
      substitute: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a' },
      ],
    },
    'abba',
    'baab',
  ],
  ['maximum', { maximumLength: 3 }, 'pässword', 'päs'],
  ['pad at the end', { minimumLength: 6, padCharacter: '0' }, 'abc', 'abc000'],
  ['pad at the beginning', { minimumLength: 6, padCharacter: 'é', padding: 'beginning' }, 'abc', 'éééabc'],
  ['nothing', {}, '😀\uFEFFx', '😀\uFEFFx'],
  ['remove before maximum', { remove: 'x', maximumLength: 2 }, 'xaxbxc', 'ab'],
] as const)('the filter carries out: %s', (_, rules, before, after) => {
  expect(filter(rules as Rules, before)).toBe(after);
});

test('a filter that leaves nothing gives nothing out', () => {
  expect(() => filter({ remove: 'abc' }, 'aabbcc')).toThrow('Nothing of the password is left');
});

test('a password that is no text is refused', () => {
  using broken = SecretBytes.take(Uint8Array.of(0x61, 0xc3));
  expect(() => applyPasswordFilter(passwordFilterRulesSchema.parse({}), broken)).toThrow('not UTF-8');
});

test('whatever the rules, the result is as long as they say', () => {
  const rules = fc.record({
    format: fc.constantFrom('as-is' as const, 'upper' as const, 'lower' as const),
    remove: fc.string({ maxLength: 4 }),
    maximumLength: fc.integer({ min: 8, max: 20 }),
    minimumLength: fc.integer({ min: 1, max: 8 }),
    padCharacter: fc.constant('~'),
    padding: fc.constantFrom('beginning' as const, 'end' as const),
  });
  fc.assert(
    fc.property(rules, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (given, password) => {
      let result: string;
      try {
        result = filter(given, password);
      } catch (error) {
        expect(String(error)).toContain('Nothing of the password is left');
        return;
      }
      expect([...result].length).toBeLessThanOrEqual(given.maximumLength);
      expect([...result].length).toBeGreaterThanOrEqual(given.minimumLength);
    }),
    { numRuns: 300 },
  );
});

test('rules under which passwords become the same are told', () => {
  const collisions = (rules: Rules) => findFilterCollisions(passwordFilterRulesSchema.parse(rules)).length;
  expect(collisions({})).toBe(0);
  expect(collisions({ format: 'upper' })).toBe(1);
  expect(collisions({ maximumLength: 8 })).toBe(1);
  expect(collisions({ substitute: [{ from: 'a', to: 'b' }] })).toBe(1);
  expect(
    collisions({
      substitute: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a' },
      ],
    }),
  ).toBe(0);
});

test('rules that contradict each other are refused', () => {
  const parse = (rules: Rules) => ssoPasswordFilterSchema.safeParse({ name: 'X', rules }).success;
  expect(parse({ minimumLength: 8 })).toBe(false);
  expect(parse({ minimumLength: 8, maximumLength: 4, padCharacter: 'x' })).toBe(false);
  expect(parse({ minimumLength: 8, padCharacter: 'x', remove: 'x' })).toBe(false);
  expect(parse({ minimumLength: 8, padCharacter: 'xy' })).toBe(false);
  expect(parse({ minimumLength: 8, padCharacter: 'x' })).toBe(true);
});
