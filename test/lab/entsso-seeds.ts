import { probeKerberos } from './bind-probe.ts';
import { type ChangeReport, count, type Event, eventsUntil, report, target } from './entsso-change.ts';
import { agentNames, fullProfile } from './fabrikam-configuration.ts';
import type { Lab } from './lab.ts';
import { passwordChanges } from './password-changes.ts';
import { initialPassword, type Person } from './people.ts';
import { type SsoLab, serviceAccount, servicePassword, ssoHost } from './sso-lab.ts';

/** The application that only the management agent maps, with Direct Password Sync. */
export const seedApplication = 'Intranet';
const agents = {
  ENTSSOMA: 'd1000000-0000-4000-8000-000000000001',
  ENTSSOMA2: 'd1000000-0000-4000-8000-000000000002',
} as const;

export const seedPassword = ({ employeeNumber }: Person): string => `Thröugh-MA-${employeeNumber}!`;

/**
 * What the documents of the original have an administrator do: two agents for the single sign-on server, the second
 * selected among the targets of ADMA's partition and the first not, mappings from ENTSSO.xml by an export, and the
 * server taking changes from the engine. Changes straight from the domain controller are switched off, so that nothing
 * arrives another way.
 */
export async function prepareIdentityManager(lab: Lab, { call }: SsoLab, person: Person): Promise<void> {
  const { netbios } = lab.samba;
  await call('sso.changeSettings', {
    server: { allowPasswordSyncFromPcns: false, allowPasswordSyncFromFim: true },
  });
  await call('sso.createApplications', {
    applications: [
      {
        name: seedApplication,
        users: [`${netbios}\\${person.account}`],
        administrators: [`${netbios}\\SSO Administrators`],
      },
    ],
  });
  await call('sso.updateApplications', {
    updates: [{ name: seedApplication, changes: { enabled: true, directPasswordSync: true } }],
  });
  const { configuration, revision } = await call('configuration.get', {});
  const index = configuration.agents.findIndex(({ name }) => name === agentNames.source);
  const source = configuration.agents[index];
  const targets = source?.partitions[0]?.passwordSource?.targets ?? [];
  const own = Object.entries(agents).map(([name, id]) => ({
    id,
    name,
    kind: 'entsso',
    connection: { connectTo: ssoHost, user: `${netbios}\\${serviceAccount}` },
    password: { enabled: true, retryInterval: 1 },
    runProfiles: [{ name: 'Export', steps: [{ type: 'export' }] }],
  }));
  await call('configuration.set', {
    changes: [
      { path: ['agents'], value: [...configuration.agents, ...own] as never },
      {
        path: ['agents', index, 'partitions', 0, 'passwordSource', 'targets'],
        value: [...targets, agents.ENTSSOMA2],
      },
    ],
    revision,
  });
  const secret = Buffer.from(servicePassword).toString('base64');
  for (const agent of Object.keys(agents)) await call('credentials.set', { agent, secret });
  const text = `<sso>
  <SourceMA name="${agentNames.openldap}" objectType="inetOrgPerson"/>
  <ENTSSOMA name="ENTSSOMA2" adma="${agentNames.source}"><Application name="${seedApplication}" sourceMA="${agentNames.openldap}"/></ENTSSOMA>
</sso>`;
  await call('entsso.write', { text, revision: (await call('entsso.read', {})).revision });
  await call('agents.run', { agent: agentNames.source, profile: fullProfile, wait: true });
  // The lab's other people are no users of the application: each refusal stands in the run.
  await call('agents.run', { agent: 'ENTSSOMA2', profile: 'Export', wait: true });
  const mappings = await call('sso.mappings', { application: seedApplication });
  if (mappings.length !== 1) throw new Error(`The export made ${mappings.length} mappings, not one`);
}

/** The user changes the Windows password; it reaches the credential database through ADMA and ENTSSOMA2 alone. */
export async function identityManager(lab: Lab, sso: SsoLab, person: Person): Promise<ChangeReport> {
  const began = Date.now();
  const [oldPassword, newPassword] = [initialPassword(person), seedPassword(person)];
  await passwordChanges.kpasswd(lab.samba, { account: person.account, dn: '', oldPassword, newPassword });
  const events = await eventsUntil(
    sso,
    { account: person.account, since: began },
    // The domain controller is refused, the engine is taken.
    (all) => count(all, 11064) > 0 && count(all, 11069) > 0 && count(all, 11058) > 0,
  );
  const windows = await target(
    'Active Directory',
    (password) => probeKerberos(lab.samba, person.account, password),
    oldPassword,
    newPassword,
    events,
  );
  const sent = await agentsOf(sso, events);
  const isAsChosen = sent.includes(agents.ENTSSOMA2) && !sent.includes(agents.ENTSSOMA);
  const outcome = isAsChosen ? windows.outcome : `sent to ${sent.join(', ')}`;
  return report('identity-manager', person, began, events, [
    { ...windows, agent: `${seedApplication} through ENTSSOMA2`, outcome },
  ]);
}

/** Ids of the agents that the change of these events was sent to. */
async function agentsOf({ call }: SsoLab, events: readonly Event[]): Promise<readonly string[]> {
  const trackingId = events.find(({ number }) => number === 11064)?.trackingId;
  const { deliveries } = await call('changes.trace', { trackingId: trackingId as never });
  return deliveries.map(({ agent }) => agent);
}
