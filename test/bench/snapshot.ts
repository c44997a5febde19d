/** Compare two snapshots of 10,000 objects, export one, and plan a restore. The first argument is another number. */
import { compareSnapshots } from '#exchange/compare/compare-snapshots.ts';
import { planRestore } from '#exchange/restore/plan-restore.ts';
import { parseSnapshot } from '#exchange/snapshot/parse-snapshot.ts';
import { formatSnapshot, takeSnapshot } from '#exchange/snapshot/snapshot.ts';
import { type Configuration, configurationSchema } from '#shared/model/configuration.ts';
import { largeConfiguration } from '#test/large-configuration.ts';

const objects = Number(process.argv[2] ?? 10_000);
const origin = {
  product: 'bench',
  host: 'bench',
  madeAt: new Date(0).toISOString(),
  madeBy: 'bench',
  revision: '',
};
const before = largeConfiguration(objects);
/** A tenth of the agents is changed, renamed or new, and a tenth gone, so that every way of matching has work. */
const after: Configuration = {
  ...before,
  agents: before.agents.flatMap((agent, index) => {
    if (index % 10 === 1) return [{ ...agent, name: `${agent.name} renamed` }];
    if (index % 10 === 2) return [{ ...agent, password: { ...agent.password, retryCount: 3 } }];
    return index % 10 === 3 ? [] : [agent];
  }),
};

/** The median of five, in milliseconds. */
function time(work: () => unknown): { readonly ms: number } {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  }).sort((one, next) => one - next);
  return { ms: Math.round(times[2] ?? 0) };
}

const files = [before, after].map((configuration) =>
  formatSnapshot(takeSnapshot({ configuration, secrets: {} }, origin)),
);
const [left, right] = files.map((text) => ({ title: 'bench', snapshot: parseSnapshot(text) }));
if (left === undefined || right === undefined) throw new Error('Two snapshots');
const { counts } = compareSnapshots({ left, right });
const result = {
  objects,
  counts,
  // With reading both files and checking their hashes: what somebody waits for.
  compare: time(() => {
    const [one, other] = files.map((text) => ({ title: 'bench', snapshot: parseSnapshot(text) }));
    if (one !== undefined && other !== undefined) compareSnapshots({ left: one, right: other });
  }),
  export: time(() => formatSnapshot(takeSnapshot({ configuration: before, secrets: {} }, origin))),
  restorePlan: time(() =>
    planRestore({
      current: after,
      revision: '',
      secrets: {},
      hasFile: () => true,
      sections: undefined,
      title: 'bench',
      body: left.snapshot.body,
      check: (text) => ({ ok: configurationSchema.safeParse(JSON.parse(text)).success, mistakes: [] }),
    }),
  ),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
