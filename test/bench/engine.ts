/** What the engine does per second and what it takes; prints one JSON document. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { measureDelivery } from './engine/measure-delivery.ts';

const directory = mkdtempSync(join(tmpdir(), 'carillon-bench-'));
const say = (line: string): void => console.error(line);
try {
  const delivery = await measureDelivery(directory, say);
  console.log(JSON.stringify({ delivery }, undefined, 2));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
