import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { findImportViolations, readImportTable } from '../../../scripts/import-table.ts';

const root = join(import.meta.dirname, '../../..');
const table = readImportTable(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'));

test('every arrow of the table points inward, so that there is no cycle', () => {
  const visit = (folder: string, path: readonly string[]): void => {
    expect(path, `cycle through ${folder}`).not.toContain(folder);
    for (const next of table.get(folder) ?? []) if (next !== folder) visit(next, [...path, folder]);
  };
  for (const folder of table.keys()) visit(folder, []);
});

test('an outward import is refused with file and line', () => {
  const source = "import { z } from 'zod';\n\nimport { openDatabase } from '#store/database.ts';\n";
  expect(findImportViolations(table, 'main/engine/lane.ts', source)).toEqual([
    { file: 'main/engine/lane.ts', line: 3, message: 'main/engine may not import #store/database.ts' },
  ]);
});

test('a pure folder may use neither Node nor a package', () => {
  const source = "import { readFileSync } from 'node:fs';\nimport { Client } from 'ldapts';\n";
  expect(findImportViolations(table, 'main/identity/staging.ts', source)).toHaveLength(2);
});

test('imports that spread over lines, dynamic imports and side-effect imports are seen', () => {
  const source =
    "import {\n  a,\n  b,\n} from '#host/x.ts';\nimport '#cli/y.ts';\nconst z = await import('#vault/z.ts');\n";
  expect(findImportViolations(table, 'main/engine/a.ts', source).map((v) => v.line)).toEqual([1, 5, 6]);
});

test('a relative path does not get around the table', () => {
  expect(findImportViolations(table, 'main/vault/a.ts', "import { b } from '../store/b.ts';\n")).toHaveLength(
    1,
  );
});

test('an allowed import passes', () => {
  const source =
    "import { A } from '#shared/model/a.ts';\nimport { b } from './b.ts';\nimport fs from 'node:fs';\n";
  expect(findImportViolations(table, 'main/vault/a.ts', source)).toEqual([]);
});
