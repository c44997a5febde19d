import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { probeKerberos, probeLdapBind } from './bind-probe.ts';
import {
  type ChangeReport,
  count,
  describe,
  eventsUntil,
  isProven,
  report,
  type TargetReport,
  target,
} from './entsso-change.ts';
import { identityManager, prepareIdentityManager, seedApplication, seedPassword } from './entsso-seeds.ts';
import { fabrikamGlobals } from './fabrikam.ts';
import type { Lab } from './lab.ts';
import { probeMariadb } from './mariadb-server.ts';
import { passwordChanges } from './password-changes.ts';
import { withPasswordFile } from './password-file.ts';
import { activeDirectoryDn, initialPassword, openLdapDn, type Person, people } from './people.ts';
import { probePostgresql } from './postgresql-server.ts';
import { readStoredPasswords } from './read-stored-password.ts';
import { requireCommand } from './run-command.ts';
import type { RunScenario } from './scenario.ts';
import { directApplication, type SsoLab, ssoAdapters, startSsoLab } from './sso-lab.ts';

/**
 * The three kinds of password synchronization, Direct Password Sync, and the way from the synchronization engine through
 * a management agent, between real systems: proven by sign-ins that
 * the product has no part in, and by what the credential database holds in the end.
 */
export const runScenario: RunScenario = async ({ lab, onProgress, signal }) => {
  await lab.samba.restart(fabrikamGlobals);
  const persons = [3, 10, 17, 24].flatMap((index) => people[index] ?? []);
  const sso = await startSsoLab({ lab, persons, onProgress });
  try {
    const [first, second, third, fourth] = persons;
    if (first === undefined || second === undefined || third === undefined || fourth === undefined)
      throw new Error('Too few people');
    const changes: ChangeReport[] = [];
    const run = async (what: string, work: () => Promise<ChangeReport>): Promise<void> => {
      signal.throwIfAborted();
      onProgress(what);
      const report = await work();
      onProgress(describe(report));
      changes.push(report);
    };
    await run(`${first.account} changes the Windows password`, () => windowsToExternal(lab, sso, first));
    await run(`${first.account} changes the password in OpenLDAP`, () => externalFull(lab, sso, first));
    await run(`${third.account} has the Windows password reset`, () => windowsDirect(lab, sso, third));
    await run(`${second.account} changes the password in OpenLDAP, partial synchronization`, () =>
      externalPartial(lab, sso, second),
    );
    onProgress('Connecting the engine by ENTSSOMA and ENTSSOMA2, and making the mappings from ENTSSO.xml');
    await prepareIdentityManager(lab, sso, fourth);
    await run(`${fourth.account} changes the Windows password, ADMA sends it to ENTSSOMA2`, () =>
      identityManager(lab, sso, fourth),
    );
    onProgress('Reading the credential database');
    await sso.fabrikam.engine.stop();
    const stored = await readStoredPasswords(sso.fabrikam.data);
    const database = [
      ...Object.values(ssoAdapters).map(
        ({ application }) => [application, first, fullPassword(first)] as const,
      ),
      [directApplication, third, directPassword(third)] as const,
      [ssoAdapters.openldap.application, second, partialPassword(second)] as const,
      [seedApplication, fourth, seedPassword(fourth)] as const,
    ].map(([application, { account: externalUser }, password]) => ({
      application,
      externalUser,
      isCurrent: stored.some(
        (row) =>
          row.application === application && row.externalUser === externalUser && row.password === password,
      ),
    }));
    await sso.fabrikam.startEngine();
    const ok =
      changes.length === 5 && changes.every(isProven) && database.every(({ isCurrent }) => isCurrent);
    return { result: { ok, changes, database }, usage: usage(sso), stop: () => sso.stop() };
  } catch (error) {
    await sso.stop();
    throw error;
  }
};

const windowsPassword = ({ employeeNumber }: Person): string => `Wïn-to-ext-${employeeNumber}!`;
const fullPassword = ({ employeeNumber }: Person): string => `Füll-back-${employeeNumber}!`;
const partialPassword = ({ employeeNumber }: Person): string => `Pärtial-${employeeNumber}!`;
const directPassword = ({ employeeNumber }: Person): string => `Dïrect-${employeeNumber}!`;

async function windowsToExternal(lab: Lab, sso: SsoLab, person: Person): Promise<ChangeReport> {
  const began = Date.now();
  const [oldPassword, newPassword] = [initialPassword(person), windowsPassword(person)];
  await passwordChanges.kpasswd(lab.samba, { account: person.account, dn: '', oldPassword, newPassword });
  const events = await eventsUntil(
    sso,
    { account: person.account, since: began },
    (all) => count(all, 10736) >= 4,
  );
  const external = ['OpenLDAP', 'PostgreSQL', 'MariaDB', 'Mainframe'] as const;
  const targets = await probeAll(external, { lab, sso, person, oldPassword, newPassword, events });
  return report('windows-to-external', person, began, events, targets);
}

async function externalFull(lab: Lab, sso: SsoLab, person: Person): Promise<ChangeReport> {
  const began = Date.now();
  const [oldPassword, newPassword] = [windowsPassword(person), fullPassword(person)];
  await changeInOpenLdap(sso, person, oldPassword, newPassword);
  // The Windows password, the other three systems behind it, and the echo from Active Directory dropped.
  const events = await eventsUntil(
    sso,
    { account: person.account, since: began },
    (all) => count(all, 10670) === 1 && count(all, 10736) >= 4 && count(all, 10667) >= 1,
  );
  const systems = ['Active Directory', 'OpenLDAP', 'PostgreSQL', 'MariaDB'] as const;
  const targets = await probeAll(systems, { lab, sso, person, oldPassword, newPassword, events });
  return report('external-to-windows-full', person, began, events, targets);
}

async function externalPartial(lab: Lab, sso: SsoLab, person: Person): Promise<ChangeReport> {
  await sso.call('sso.updateAdapters', {
    updates: [{ name: ssoAdapters.openldap.adapter, changes: { changeWindowsPassword: false } }],
  });
  const began = Date.now();
  const [oldPassword, newPassword] = [initialPassword(person), partialPassword(person)];
  await changeInOpenLdap(sso, person, oldPassword, newPassword);
  const events = await eventsUntil(
    sso,
    { account: person.account, since: began },
    (all) => count(all, 10736) >= 1,
  );
  const windowsStays = await probeKerberos(lab.samba, person.account, oldPassword);
  const own = await target(
    'OpenLDAP',
    (password) => probeLdap(sso, person, password),
    oldPassword,
    newPassword,
    events,
  );
  const outcome = windowsStays && count(events, 10670) === 0 ? own.outcome : 'windows-changed';
  return report('external-to-windows-partial', person, began, events, [{ ...own, outcome }]);
}

async function windowsDirect(lab: Lab, sso: SsoLab, person: Person): Promise<ChangeReport> {
  const began = Date.now();
  const { account } = person;
  const [oldPassword, newPassword] = [initialPassword(person), directPassword(person)];
  const dn = activeDirectoryDn(person, lab.samba.baseDn);
  await passwordChanges['ldap-reset'](lab.samba, { account, dn, oldPassword, newPassword });
  const events = await eventsUntil(
    sso,
    { account: person.account, since: began },
    (all) => count(all, 11058) === 1 && count(all, 10736) >= 4,
  );
  const own = await target(
    'Active Directory',
    (password) => probeKerberos(lab.samba, account, password),
    oldPassword,
    newPassword,
    events,
  );
  return report('direct-password-sync', person, began, events, [{ ...own, agent: directApplication }]);
}

/** The user changes the own password, with OpenLDAP's own client (RFC 3062). */
async function changeInOpenLdap(
  { openldap }: SsoLab,
  person: Person,
  old: string,
  next: string,
): Promise<void> {
  const dn = openLdapDn(person, openldap.peopleDn);
  await withPasswordFile(old, (oldFile) =>
    withPasswordFile(next, (newFile) =>
      requireCommand(
        'ldappasswd',
        ['-x', '-H', openldap.ldapsUrl, '-D', dn, '-y', oldFile, '-t', oldFile, '-T', newFile],
        {
          env: { LDAPTLS_CACERT: openldap.caFile, LDAPTLS_REQCERT: 'demand' },
        },
      ),
    ),
  );
}

type System = 'Active Directory' | 'OpenLDAP' | 'PostgreSQL' | 'MariaDB' | 'Mainframe';

interface ChangedPassword {
  readonly lab: Lab;
  readonly sso: SsoLab;
  readonly person: Person;
  readonly oldPassword: string;
  readonly newPassword: string;
  readonly events: Awaited<ReturnType<typeof eventsUntil>>;
}

/** Asks each system, without the product, which of the two passwords is right there. */
function probeAll(
  systems: readonly System[],
  { lab, sso, person, oldPassword, newPassword, events }: ChangedPassword,
): Promise<readonly TargetReport[]> {
  const { account } = person;
  const probes: Readonly<Record<System, (password: string) => Promise<boolean>>> = {
    'Active Directory': (password) => probeKerberos(lab.samba, account, password),
    OpenLDAP: (password) => probeLdap(sso, person, password),
    PostgreSQL: (password) => probePostgresql(sso.postgresql, account, password),
    MariaDB: (password) => probeMariadb(sso.mariadb, account, password),
    Mainframe: async (password) => mainframeHas(sso, person, password),
  };
  return Promise.all(
    systems.map((system) => target(system, probes[system], oldPassword, newPassword, events)),
  );
}

function probeLdap({ openldap }: SsoLab, person: Person, password: string): Promise<boolean> {
  return probeLdapBind(openldap, openLdapDn(person, openldap.peopleDn), password);
}

function mainframeHas({ mainframe }: SsoLab, { account }: Person, password: string): boolean {
  const digest = createHash('sha256').update(password).digest('hex');
  const lines = readFileSync(mainframe, 'utf8').split('\n');
  return lines.findLast((line) => line.endsWith(` ${account}`)) === `${digest} ${account}`;
}

function usage({ fabrikam }: SsoLab): readonly string[] {
  return [
    '',
    'Single sign-on runs in there, too. Ask it with:',
    `  npm run -s carillon -- --data ${fabrikam.data} adapter list`,
    `  npm run -s carillon -- --data ${fabrikam.data} events`,
  ];
}
