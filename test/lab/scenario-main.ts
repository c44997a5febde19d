import { setTimeout as delay } from 'node:timers/promises';

import type { ChangeRow, ChangeTrace } from '#shared/contract/changes.ts';

import { probeKerberos, probeLdapBind } from './bind-probe.ts';
import { runCarillon } from './carillon-command.ts';
import { type Fabrikam, fabrikamGlobals, startFabrikam } from './fabrikam.ts';
import { agentNames } from './fabrikam-configuration.ts';
import type { Lab } from './lab.ts';
import { type AwaitedChange, describeCapture, requireCaptured } from './missed-change.ts';
import { type ChangeWay, changeWays, passwordChanges } from './password-changes.ts';
import {
  activeDirectoryDn,
  directoryServer389Dn,
  initialPassword,
  openLdapDn,
  type Person,
  people,
} from './people.ts';
import type { RunScenario } from './scenario.ts';

/** How long a change may take from the domain controller to its last target, milliseconds: longer than one retry. */
const patience = 120_000;

interface TargetReport {
  readonly agent: string;
  readonly outcome: string;
  readonly newPasswordBinds: boolean;
  readonly oldPasswordFails: boolean;
  /** From the hook to the recorded outcome. */
  readonly ms: number;
}

interface ChangeReport {
  readonly trackingId: string;
  readonly account: string;
  readonly way: ChangeWay;
  /** Milliseconds since the hook. */
  readonly hops: readonly { readonly name: string; readonly ms: number }[];
  readonly targets: readonly TargetReport[];
}

/**
 * The main job: a password changed in Active Directory, in every way that users and administrators do, reaches
 * every joined directory; proven by binds that the product has no part in.
 */
export const runScenario: RunScenario = async ({ lab, onProgress, signal }) => {
  await lab.samba.restart(fabrikamGlobals);
  const fabrikam = await startFabrikam({ lab, onProgress });
  try {
    const changes: ChangeReport[] = [];
    for (const [index, way] of changeWays.entries()) {
      signal.throwIfAborted();
      const person = people[index * 7];
      if (person === undefined) throw new Error('The lab has too few people');
      onProgress(`Changing the password of ${person.account} by ${way}`);
      changes.push(await changeAndProve(lab, fabrikam, person, way));
    }
    const ok = changes.length === changeWays.length && changes.every(isProven);
    for (const change of changes) onProgress(describe(change));
    return { result: { ok, changes }, usage: usage(fabrikam), stop: () => fabrikam.stop() };
  } catch (error) {
    await fabrikam.stop();
    throw error;
  }
};

async function changeAndProve(
  lab: Lab,
  fabrikam: Fabrikam,
  person: Person,
  way: ChangeWay,
): Promise<ChangeReport> {
  const { samba } = lab;
  const oldPassword = initialPassword(person);
  const newPassword = `Näw-${way}-${person.employeeNumber}!`;
  const dn = activeDirectoryDn(person, samba.baseDn);
  const since = Date.now();
  await passwordChanges[way](samba, { account: person.account, dn, oldPassword, newPassword });
  if (!(await probeKerberos(samba, person.account, newPassword)))
    throw new Error(`The domain did not take the password of ${person.account} by ${way}`);
  const trace = await waitForTrace(fabrikam, { account: person.account, since });
  const start = trace.capturedAt;
  const targets = await Promise.all(
    trace.deliveries.map(async (delivery) => {
      const probe = (password: string): Promise<boolean> =>
        probeTarget(lab, delivery.agentName, person, password);
      // The new one first: a wrong try before it could lock the account.
      const newPasswordBinds = await probe(newPassword);
      const oldPasswordFails = !(await probe(oldPassword));
      const ms = (delivery.settledAt ?? Number.NaN) - start;
      return {
        agent: delivery.agentName,
        outcome: delivery.outcome ?? delivery.state,
        newPasswordBinds,
        oldPasswordFails,
        ms,
      };
    }),
  );
  return {
    trackingId: trace.trackingId,
    account: trace.account,
    way,
    hops: trace.hops.map(({ name, at }) => ({ name, ms: at - start })),
    targets,
  };
}

function probeTarget(
  { openldap, ds389 }: Lab,
  agent: string,
  person: Person,
  password: string,
): Promise<boolean> {
  return agent === agentNames.openldap
    ? probeLdapBind(openldap, openLdapDn(person, openldap.peopleDn), password)
    : probeLdapBind(ds389, directoryServer389Dn(person, ds389.peopleDn), password);
}

/** The trace of the account's newest change once all its deliveries have ended. */
async function waitForTrace(fabrikam: Fabrikam, awaited: AwaitedChange): Promise<ChangeTrace> {
  const { data, env } = fabrikam;
  const { account } = awaited;
  const deadline = Date.now() + patience;
  for (;;) {
    const rows = await runCarillon<readonly ChangeRow[]>(['trace', '--limit', '5'], { data, env });
    const row = rows.find((found) => found.account.toLowerCase().endsWith(`\\${account}`));
    const trace = row && (await runCarillon<ChangeTrace>(['trace', row.trackingId], { data, env }));
    const settled =
      trace !== undefined &&
      trace.deliveries.length > 0 &&
      trace.deliveries.every(({ state }) => state === 'settled');
    if (settled) return trace;
    await requireCaptured(fabrikam, awaited);
    if (Date.now() > deadline)
      throw new Error(
        `No settled change of ${account} within ${patience} ms: ${JSON.stringify(trace ?? rows)}\n${await describeCapture(fabrikam, awaited)}`,
      );
    await delay(100);
  }
}

function isProven({ targets }: ChangeReport): boolean {
  const expected = [agentNames.openldap, agentNames.ds389];
  const proven = targets.filter(
    ({ outcome, newPasswordBinds, oldPasswordFails }) =>
      outcome === 'delivered' && newPasswordBinds && oldPasswordFails,
  );
  return expected.every((agent) => proven.some((target) => target.agent === agent));
}

function describe(change: ChangeReport): string {
  const targets = change.targets.map(
    ({ agent, outcome, newPasswordBinds, oldPasswordFails, ms }) =>
      `${agent} ${outcome} after ${ms} ms, new ${newPasswordBinds ? 'binds' : 'DOES NOT BIND'}, old ${oldPasswordFails ? 'fails' : 'STILL BINDS'}`,
  );
  return `${change.way} of ${change.account}: ${targets.join('; ')}`;
}

function usage({ data, captureFile }: Fabrikam): readonly string[] {
  return [
    '',
    'The product runs in there, too. Ask it with:',
    `  npm run -s carillon -- --data ${data} status`,
    `  npm run -s carillon -- --data ${data} trace`,
    `  npm run -s carillon -- --data ${data} queue`,
    `  npm run -s carillon -- capture status --config ${captureFile}`,
  ];
}
