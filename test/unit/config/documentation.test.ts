import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';
import {
  configurationJsonSchema,
  describeAllowed,
  type ValueSchema,
} from '#host/configuration/allowed-values.ts';
import { checkConfiguration } from '#host/configuration/check-configuration.ts';

const page = readFileSync('docs/configuration.md', 'utf8');

/** Every value of the configuration with its path and allowed values, as the page has to show them. */
function listKeys(schema: ValueSchema, path = ''): string[] {
  const branches = schema.oneOf ?? schema.anyOf ?? [schema];
  const rows = branches.flatMap((branch) => {
    if (branch.items !== undefined) return listKeys(branch.items, `${path}[]`);
    return Object.entries(branch.properties ?? {}).flatMap(([key, value]) => {
      const at = path === '' ? key : `${path}.${key}`;
      const inner = listKeys(value, at);
      if (inner.length > 0) return inner;
      const tags = branches
        .map(({ properties }) => properties?.[key]?.const)
        .filter((tag) => tag !== undefined);
      const allowed =
        tags.length > 1 ? tags.map((tag) => JSON.stringify(tag)).join(', ') : describeAllowed(value);
      return [`| \`${at}\` | ${allowed} |`];
    });
  });
  return [...new Set(rows)];
}

test('the page shows every key with its allowed values and default', () => {
  const rows = listKeys(configurationJsonSchema);
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});

test('the example on the page has no mistake but files that are not here', () => {
  const example = page.match(/```json\n(.*?)```/s)?.[1] ?? '';
  const { mistakes } = checkConfiguration(example);
  expect(mistakes.filter(({ message }) => !message.includes('does not exist'))).toEqual([]);
});
