import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { eventDefinitionSchema } from '#shared/contract/events.ts';
import { defineEvent, eventCatalogue, findEvent } from '#shared/events/find-event.ts';

const root = join(import.meta.dirname, '../../../src');

test('every number stands once in the catalogue, in order', () => {
  const numbers = eventCatalogue.map(({ number }) => number);
  expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right));
});

test('every definition passes the contract and says something in each field', () => {
  for (const definition of eventCatalogue) {
    expect(eventDefinitionSchema.parse(definition)).toEqual(definition);
    for (const text of [definition.meaning, definition.cause, definition.fix])
      expect(text).toMatch(/\S.*\.$/);
    expect(definition.title).not.toMatch(/\.$/);
  }
});

test('numbers belong to the source whose range they lie in', () => {
  for (const { number, source } of eventCatalogue) {
    const ranges = [
      [6900, 'PCNSSVC'],
      [7000, 'FIMSynchronizationService'],
      [10_500, 'Carillon'],
    ] as const;
    const expected = ranges.find(([end]) => number < end)?.[1] ?? 'ENTSSO';
    expect(source).toBe(expected);
  }
});

test('the six outcomes that Identity Manager never retries are not retried', () => {
  for (const number of [6919, 6921, 6922, 6923, 6927, 6928]) expect(findEvent(number)?.retried).toBe(false);
  expect(findEvent(6901)?.retried).toBe(true);
});

test('a number outside the catalogue is not found', () => {
  expect(findEvent(6904)).toBeUndefined();
  expect(() => defineEvent(1)).toThrow('No event 1');
});

test('every event number in the source is in the catalogue', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.tsx?$/.test(file),
  );
  const used = files.flatMap((file) =>
    [
      ...readFileSync(join(root, file), 'utf8').matchAll(
        /(?:\b(?:number|event)(?:: | = |s?: \w+ \? )|\bSsoError\(\s*|\brefuse\((?:caller, )?)(\d{4,5})\b/g,
      ),
    ].map(([, number]) => ({ file, number: Number(number) })),
  );
  expect(used.length).toBeGreaterThan(20);
  expect(used.filter(({ number }) => findEvent(number) === undefined)).toEqual([]);
});

test('every number is raised by the source and seen in a test, unless the catalogue says why nothing raises it', () => {
  const own = eventCatalogue.filter(({ unraised }) => unraised === undefined).map(({ number }) => number);
  const source = readNumbers(join(root, 'main'), /\.ts$/);
  const tests = readNumbers(join(import.meta.dirname, '../..'), /(?<!catalogue)\.test\.ts$/);
  expect(own.filter((number) => !source.has(number))).toEqual([]);
  expect(own.filter((number) => !tests.has(number))).toEqual([]);
  expect(
    eventCatalogue.flatMap(({ number, unraised }) =>
      unraised !== undefined && source.has(number) ? [number] : [],
    ),
  ).toEqual([]);
});

test('the list of events in the documents says what the catalogue says', async () => {
  await expect(describeCatalogue()).toMatchFileSnapshot('../../../docs/events.md');
});

/** The page for administrators; `vitest run -u` writes it anew. */
function describeCatalogue(): string {
  const sources = [...new Set(eventCatalogue.map(({ source }) => source))];
  const chapters = sources.map((source) => {
    const entries = eventCatalogue
      .filter((event) => event.source === source)
      .map(
        ({ number, title, severity, meaning, cause, fix, unraised }) =>
          `### ${number} ${title}\n\n${meaning}\n\nSeverity: ${severity}\n\nCause: ${cause}\n\nWhat to do: ${fix}\n${unraised === undefined ? '' : `\nNot raised here: ${unraised}\n`}`,
      );
    return `## ${source}\n\n${entries.join('\n')}`;
  });
  const head =
    '# Events\n\nEvery number that the log can show. `carillon events <number>` prints the same, with what was logged under it.\n';
  return [head, ...chapters].join('\n');
}

/** Every number of four or five digits in the files of that kind. */
function readNumbers(folder: string, kind: RegExp): ReadonlySet<number> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => kind.test(file));
  return new Set(
    files.flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/\b(\d{4,5})\b/g)].map(([, number]) =>
        Number(number),
      ),
    ),
  );
}
