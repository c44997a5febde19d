import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { ChangeRow, ChangeTrace } from '#shared/contract/changes.ts';

import { probeLdapBind } from './bind-probe.ts';
import { runCarillon } from './carillon-command.ts';
import {
  bookSystem,
  type ConnectedSystem,
  databaseSystem,
  makeSystemFolder,
  peopleTable,
  shellSystem,
  sqliteSystem,
} from './connected-systems.ts';
import { type Fabrikam, fabrikamGlobals, startFabrikam } from './fabrikam.ts';
import { agentNames, fullProfile } from './fabrikam-configuration.ts';
import type { Lab } from './lab.ts';
import { startMariadb } from './mariadb-server.ts';
import { type AwaitedChange, describeCapture, requireCaptured } from './missed-change.ts';
import { passwordChanges } from './password-changes.ts';
import { activeDirectoryDn, directoryServer389Dn, initialPassword, openLdapDn, people } from './people.ts';
import { startPostgresql } from './postgresql-server.ts';
import type { RunScenario } from './scenario.ts';

/** How long the change may take to its last system, milliseconds: longer than one retry. */
const patience = 120_000;
const persons = people.slice(0, 10);

interface SystemReport {
  readonly agent: string;
  readonly outcome: string;
  readonly newPasswordProven: boolean;
  readonly oldPasswordFails: boolean;
}

/**
 * A person of Active Directory has an account in one system of every kind that runs here; a password changed in
 * Active Directory arrives in all of them, proven without the product.
 */
export const runScenario: RunScenario = async ({ lab, onProgress, signal }) => {
  await lab.samba.restart(fabrikamGlobals);
  const fabrikam = await startFabrikam({ lab, onProgress });
  const folder = makeSystemFolder(fabrikam.data);
  onProgress('Starting PostgreSQL and MariaDB');
  const [postgresql, mariadb] = await Promise.all([
    startPostgresql({
      directory: join(lab.directory, 'agents-postgresql'),
      sql: peopleTable({ product: 'postgresql' }, persons),
    }),
    startMariadb({
      directory: join(lab.directory, 'agents-mariadb'),
      sql: peopleTable({ product: 'mariadb' }, persons),
    }),
  ]);
  const stop = async (): Promise<void> => {
    await fabrikam.stop();
    await Promise.all([postgresql.stop(), mariadb.stop()]);
  };
  try {
    const systems = [
      databaseSystem(1, postgresql),
      databaseSystem(2, mariadb),
      sqliteSystem(3, folder, persons),
      bookSystem(4, folder, 'extension', persons),
      bookSystem(5, folder, 'delimited', persons),
      bookSystem(6, folder, 'fixed-width', persons),
      bookSystem(7, folder, 'attribute-value', persons),
      bookSystem(8, folder, 'ldif', persons),
      bookSystem(9, folder, 'dsml', persons),
      shellSystem(10, folder, persons),
    ];
    await connect(fabrikam, systems, onProgress);
    signal.throwIfAborted();
    const report = await changeAndProve(lab, fabrikam, systems, onProgress);
    for (const { agent, outcome, newPasswordProven } of report)
      onProgress(`${agent}: ${outcome}, the new password is ${newPasswordProven ? 'proven' : 'NOT PROVEN'}`);
    const ok =
      report.length === systems.length + 2 &&
      report.every(
        ({ outcome, newPasswordProven, oldPasswordFails }) =>
          outcome === 'delivered' && newPasswordProven && oldPasswordFails,
      );
    return {
      result: { ok, systems: report },
      usage: ['', `  npm run -s carillon -- --data ${fabrikam.data} agents list`],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Adds the agents to the running service, and imports and joins what they show. */
async function connect(
  { data, env }: Fabrikam,
  systems: readonly ConnectedSystem[],
  onProgress: (line: string) => void,
): Promise<void> {
  const file = join(data, 'carillon.json');
  const configuration = JSON.parse(readFileSync(file, 'utf8'));
  const [source] = configuration.agents;
  source.partitions[0].passwordSource.targets.push(...systems.map(({ agent }) => agent.id));
  configuration.agents.push(...systems.map(({ agent }) => agent));
  writeFileSync(file, JSON.stringify(configuration, undefined, 2));
  await runCarillon(['config', 'apply'], { data, env });
  for (const { agent, password } of systems) {
    if (password !== undefined)
      await runCarillon(['agents', 'set-password', agent.name], { data, env, input: password });
    onProgress(`Importing ${agent.name}`);
    const run = await runCarillon<{ result?: string }>(['run', agent.name, fullProfile], { data, env });
    if (run.result !== 'success')
      throw new Error(`The import of ${agent.name} ended with ${JSON.stringify(run)}`);
  }
}

async function changeAndProve(
  lab: Lab,
  fabrikam: Fabrikam,
  systems: readonly ConnectedSystem[],
  onProgress: (line: string) => void,
): Promise<readonly SystemReport[]> {
  const { samba, openldap, ds389 } = lab;
  const [person] = persons;
  if (person === undefined) throw new Error('The lab has no people');
  const [oldPassword, newPassword] = [initialPassword(person), `Näw-everywhere-${person.employeeNumber}!`];
  onProgress(`Changing the password of ${person.account} in Active Directory`);
  const dn = activeDirectoryDn(person, samba.baseDn);
  const ways = Object.values(passwordChanges);
  const awaited = { account: person.account, since: Date.now() };
  await ways[0]?.(samba, { account: person.account, dn, oldPassword, newPassword });
  const trace = await waitForTrace(fabrikam, awaited, systems.length + 2);
  return await Promise.all(
    trace.deliveries.map(async ({ agentName, outcome, state }) => {
      const system = systems.find(({ agent }) => agent.name === agentName);
      const probe = async (password: string): Promise<boolean> => {
        if (system !== undefined) return await system.proves(person, password);
        return agentName === agentNames.openldap
          ? await probeLdapBind(openldap, openLdapDn(person, openldap.peopleDn), password)
          : await probeLdapBind(ds389, directoryServer389Dn(person, ds389.peopleDn), password);
      };
      const newPasswordProven = await probe(newPassword);
      return {
        agent: agentName,
        outcome: outcome ?? state,
        newPasswordProven,
        oldPasswordFails: !(await probe(oldPassword)),
      };
    }),
  );
}

/** The trace of the account's newest change once all its deliveries have ended. */
async function waitForTrace(fabrikam: Fabrikam, awaited: AwaitedChange, count: number): Promise<ChangeTrace> {
  const { data, env } = fabrikam;
  const { account } = awaited;
  const deadline = Date.now() + patience;
  for (;;) {
    const rows = await runCarillon<readonly ChangeRow[]>(['trace', '--limit', '5'], { data, env });
    const row = rows.find((found) => found.account.toLowerCase().endsWith(`\\${account}`));
    const trace = row && (await runCarillon<ChangeTrace>(['trace', row.trackingId], { data, env }));
    const ended = trace?.deliveries.filter(({ state }) => state === 'settled').length ?? 0;
    if (trace !== undefined && ended >= count) return trace;
    await requireCaptured(fabrikam, awaited);
    if (Date.now() > deadline)
      throw new Error(
        `${ended} of ${count} deliveries for ${account} ended: ${JSON.stringify(trace ?? rows)}\n${await describeCapture(fabrikam, awaited)}`,
      );
    await delay(200);
  }
}
