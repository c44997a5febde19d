/**
 * A hundred thousand mappings of one application: made as a file of them is, listed page by page, found by either side,
 * and deleted with their application. Prints one JSON document.
 */
import { applicationOf, callers, openSsoWorld } from '#test/sso-world.ts';

const mappings = 100_000;
/** As many as one call takes, and as one gives. */
const [piece, page] = [5000, 10_000];
const looks = 2000;

await using world = await openSsoWorld();
const { sso, directory } = world;
const admin = callers.ssoAdministrator;
// The directory answers at once: what is measured is the server.
directory.find = async (account) => ({ account, kind: 'user', isDisabled: false });
directory.firstOf = async (_, accounts) => accounts[0];
await sso.applications.create(admin, [applicationOf({ name: 'SAP' })]);

const account = (index: number): string => `FABRIKAM\\user${index}`;

async function measure(work: () => Promise<unknown>): Promise<{ ms: number; processorMs: number }> {
  const [began, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: Math.round(performance.now() - began), processorMs: Math.round((user + system) / 1000) };
}

const create = await measure(async () => {
  for (let at = 0; at < mappings; at += piece)
    await sso.mappings.create(
      admin,
      Array.from({ length: piece }, (_, index) => ({
        application: 'SAP',
        windowsAccount: account(at + index),
        externalUser: `U${at + index}`,
      })),
    );
});
const list = await measure(async () => {
  for (let after = 0, count = page; count === page; ) {
    const found = await sso.mappings.list(admin, { applications: ['SAP'], after, limit: page });
    count = found.length;
    after = found.at(-1)?.id ?? after;
  }
});
const find = await measure(async () => {
  for (let at = 0; at < looks; at += 1) {
    const windowsAccount = account((at * 7919) % mappings);
    await sso.mappings.find({ application: 'SAP', windowsAccount });
  }
});
const remove = await measure(() => sso.applications.delete(admin, ['SAP']));

console.log(
  JSON.stringify(
    { mappings, create, list, find: { ...find, looks }, deleteApplication: remove },
    undefined,
    2,
  ),
);
