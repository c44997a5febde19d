/** `npm run proof`: 10,000 changes through a real domain controller while both services are killed at random. */
import { parseArgs } from 'node:util';

import { enterNamespace } from '../test/lab/namespace.ts';
import { ensureSystemPackages } from '../test/lab/system-packages.ts';

const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '10000' },
    accounts: { type: 'string', default: '100' },
    calm: { type: 'string', default: '500' },
    life: { type: 'string', default: '30' },
  },
});

ensureSystemPackages();
await enterNamespace('proof');
const { isProven, proveCrashes } = await import('../test/helpers/crash-proof.ts');
const proof = await proveCrashes({
  changes: Number(values.changes),
  accounts: Number(values.accounts),
  calm: Number(values.calm),
  life: Number(values.life),
  patience: 600_000,
  onProgress: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify({ ok: isProven(proof), ...proof }, null, 2)}\n`);
process.exitCode = isProven(proof) ? 0 : 1;
