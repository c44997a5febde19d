/**
 * Single sign-on: credential look-ups a second, each with its line of audit on disk, external changes a second through
 * one adapter, and rows sealed anew a second.
 * Prints one JSON document.
 */
import { ssoApplicationSchema } from '#shared/model/sso-application.ts';
import type { AuditEntry } from '#sso/ports.ts';
import { SsoAuditTrail } from '#store/sso-audit-trail.ts';
import { callerOf, openSsoWorld, secretOf } from '#test/sso-world.ts';

import { measureExternal } from './sso-external.ts';

const users = 10_000;
const lookups = 40_000;
const inFlight = 64;

await using world = await openSsoWorld();
const { database } = world.ports;
const trail = new SsoAuditTrail(world.database, secretOf('k'.repeat(32)), () => 1000);
Object.assign(world.ports, {
  audit: {
    record: ({ event, message, table }: AuditEntry) =>
      table === undefined
        ? Promise.resolve()
        : trail.append(table, { at: world.clock.now(), event, message }),
  },
});
const application = ssoApplicationSchema.parse({
  name: 'SAP',
  administrators: ['FABRIKAM\\App Admins'],
  users: ['FABRIKAM\\Everybody'],
  enabled: true,
});
await database.applications.insert([application]);
const accounts = Array.from({ length: users }, (_, index) => `FABRIKAM\\user${index}`);
world.directory.members.set('FABRIKAM\\Everybody', []);
// The directory answers at once: what is measured is the server.
world.directory.firstOf = async (account, candidates) =>
  account.startsWith('FABRIKAM\\user') ? candidates[0] : undefined;

const ids = await database.insertMappings(
  accounts.map((windowsAccount, index) => ({
    application: 'SAP',
    windowsAccount,
    externalUser: `u${index}`,
    enabled: true,
    disabledByAdministrator: false,
  })),
);
await spread(users, async (index) => {
  const mapping = await database.findMapping(ids[index] ?? 0);
  if (mapping === undefined) throw new Error(`No mapping ${index}`);
  using password = secretOf(`Password-${index}`);
  await world.sso.credentials.writeFields(application, mapping, [password], world.clock.now());
});

const lookUp = async (index: number): Promise<void> => {
  const caller = callerOf(accounts[(index * 7919) % users] ?? '');
  const { fields } = await world.sso.lookups.getCredentials(caller, 'SAP');
  for (const field of fields) field.wipe();
};
// Each user four times: the first finds the cache empty.
const perSecond = await spread(lookups, lookUp);

await world.secret.generate();
const before = performance.now();
const { resealed } = await world.secret.reencrypt(
  [world.rows],
  () => undefined,
  new AbortController().signal,
);
const rowsPerSecond = Math.round(resealed / ((performance.now() - before) / 1000));

const external = await measureExternal(5000);

console.log(
  JSON.stringify(
    { lookups: { perSecond }, external, reencrypt: { rowsPerSecond, rows: resealed } },
    undefined,
    2,
  ),
);

/** Works `count` times, a few at once; gives how many a second. */
async function spread(count: number, work: (index: number) => Promise<void>): Promise<number> {
  const start = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return Math.round(count / ((performance.now() - start) / 1000));
}
