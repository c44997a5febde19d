/** `npm run proof`: 10,000 changes through a real domain controller while both services are killed at random. */
import { parseArgs } from 'node:util';

import { enterNamespace } from '../test/lab/namespace.ts';
import { ensureSystemPackages } from '../test/lab/system-packages.ts';

const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '10000' },
    accounts: { type: 'string', default: '100' },
  },
});

ensureSystemPackages();
await enterNamespace('proof');
const { proveCrashes } = await import('../test/helpers/crash-proof.ts');
const proof = await proveCrashes({
  changes: Number(values.changes),
  accounts: Number(values.accounts),
  patience: 600_000,
  onProgress: (line) => process.stderr.write(`${line}\n`),
});
const isProven =
  proof.unrecorded +
    proof.invented +
    proof.open +
    proof.notOncePerTarget +
    proof.foreignWrites +
    proof.olderAfterNewer ===
    0 && proof.wrongPasswords.length + proof.leaks.length === 0;
process.stdout.write(`${JSON.stringify({ ok: isProven, ...proof }, null, 2)}\n`);
process.exitCode = isProven ? 0 : 1;
