import { setTimeout as delay } from 'node:timers/promises';

import { openLdap } from '#directory/ldap-connection.ts';
import { dataFiles } from '#host/data-files.ts';
import { createStoreServices } from '#host/store-services.ts';
import { runCarillon } from '#lab/carillon-command.ts';
import { type Fabrikam, startFabrikam } from '#lab/fabrikam.ts';
import type { Lab } from '#lab/lab.ts';
import { activeDirectoryDn, people } from '#lab/people.ts';
import type { ChangeRow } from '#shared/contract/changes.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { openDatabase } from '#store/database.ts';
import { storeMigrations } from '#store/migrations.ts';

import { percentile } from './percentile.ts';

/** Everybody's first change opens connections and reads settings. */
const warmUp = 5;
/** Milliseconds between two changes: each meets an idle product. */
const rest = 400;
/** Milliseconds that the changes have to arrive when all are made, and that the last one has for its deliveries. */
const patience = 120_000;
const end = 5000;

/**
 * One change at a time through the whole product, from the hook on the domain controller to the proof in OpenLDAP.
 * The hook runs before the domain controller commits; how long that takes is given apart.
 */
export async function measureLatency(lab: Lab, say: (line: string) => void) {
  const { samba, openldap } = lab;
  const fabrikam = await startFabrikam({ lab, onProgress: say });
  try {
    const connection = await openLdap({ url: samba.ldapsUrl, caFile: samba.caFile, connectTimeout: 5000 });
    using password = SecretBytes.take(new TextEncoder().encode(samba.adminPassword));
    await connection.bindSimple(`${samba.adminUser}@${samba.realm.toLowerCase()}`, password);
    for (const [index, person] of people.entries()) {
      await delay(rest);
      const values = [Buffer.from(`"Latency-${index}-Pw!"`, 'utf16le')];
      const change = { operation: 'replace', attribute: 'unicodePwd', values } as const;
      await connection.modify(activeDirectoryDn(person, samba.baseDn), [change]);
    }
    await connection.close();
    await waitForAll(fabrikam);
    await delay(end);
  } finally {
    await fabrikam.stop();
  }
  await using database = openDatabase(dataFiles(fabrikam.data).database, storeMigrations);
  const { changes, space } = createStoreServices(database);
  const whole: number[] = [];
  const product: number[] = [];
  for (const { trackingId } of changes.list({ limit: people.length }).toReversed().slice(warmUp)) {
    const trace = changes.trace(trackingId);
    const delivery = trace?.deliveries.find(
      ({ connector }) => space.find(connector)?.dn.endsWith(openldap.suffix) === true,
    );
    if (trace === undefined || delivery?.settledAt === undefined || delivery.verification !== 'verified')
      throw new Error(`The change ${trackingId} was not verified on OpenLDAP: ${delivery?.verification}`);
    const at = (name: string): number => trace.hops.find((hop) => hop.name === name)?.at ?? Number.NaN;
    whole.push(delivery.settledAt - at('captured'));
    product.push(delivery.settledAt - at('committed'));
  }
  if (whole.length !== people.length - warmUp) throw new Error(`Only ${whole.length} changes arrived`);
  const p50Ms = percentile(whole, 0.5);
  return {
    p50Ms,
    p99Ms: percentile(whole, 0.99),
    withoutDomainController: { p50Ms: percentile(product, 0.5), p99Ms: percentile(product, 0.99) },
  };
}

/** Resolves when the service has a change of everybody. */
async function waitForAll({ data, env }: Fabrikam): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    const limit = String(people.length);
    const rows = await runCarillon<readonly ChangeRow[]>(['trace', '--limit', limit], { data, env });
    if (rows.length === people.length) return;
    if (performance.now() > deadline) throw new Error(`Only ${rows.length} changes arrived in time`);
    await delay(1000);
  }
}
