import { readSsoXml } from '#exchange/entsso/read-sso-xml.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { SsoSystem } from '#shared/model/single-sign-on.ts';

import type { Session } from '../session.ts';
import { setSsl, showDatabase } from './database-verbs.ts';
import { readToolFile } from './read-tool-file.ts';
import { formatFacts, parseYesNo, type SsoVerb, yesNo } from './sso-verb.ts';

/** Features that `-enable` and `-disable` switch, by the words of the tool. */
const features: Readonly<Record<string, (on: boolean, system: SsoSystem) => Partial<SsoSystem>>> = {
  hisso: (on) => ({ allowHostInitiatedSso: on }),
  winsync: (on, { passwordSync }) => ({ passwordSync: { ...passwordSync, fromWindowsToAdapters: on } }),
  extsync: (on, { passwordSync }) => ({ passwordSync: { ...passwordSync, fromAdaptersToDatabase: on } }),
  fullsync: (on, { passwordSync }) => ({ passwordSync: { ...passwordSync, fromAdaptersToWindows: on } }),
};

export const systemVerbs: readonly SsoVerb[] = [
  switchSystem('enablesso', true),
  switchSystem('disablesso', false),
  switchFeature('enable', true),
  switchFeature('disable', false),
  {
    name: 'tickets',
    usage: '<allowed yes/no> <validate yes/no>',
    summary: 'Allow tickets in the system, and have them validated',
    takes: [2, 2],
    run: (session, [allowed = '', validate = '']) =>
      change(
        session,
        { system: { allowTickets: parseYesNo(allowed), validateTickets: parseYesNo(validate) } },
        'The ticket settings were changed',
      ),
  },
  {
    name: 'displaydb',
    usage: '',
    summary: 'Show the settings of the system',
    takes: [0, 0],
    run: displaySystem,
  },
  showDatabase,
  setSsl,
  {
    name: 'updatedb',
    usage: '<file>',
    summary: 'Change the settings of the system as a file says',
    takes: [1, 1],
    async run(session, [file = '']) {
      const { system } = readSsoXml(readToolFile(file), file);
      if (Object.keys(system).length === 0)
        throw new AppError('invalid_input', `${file} has no <globalInfo>`);
      const { audits, ...others } = system;
      const { system: before } = await session.withService((client) => client.call('sso.settings', {}));
      const merged =
        audits === undefined ? others : { ...others, audits: { ...before.audits, ...(audits as object) } };
      const done = 'The settings of the system were changed';
      if (!('administrators' in system)) return await change(session, { system: merged }, done);
      const { account, role } = await session.withService(async (client) => {
        await client.call('sso.changeSettings', { system: merged });
        return await client.call('sso.status', {});
      });
      session.print({ changed: { system: merged }, role }, () =>
        role === 'sso-administrator'
          ? done
          : `${done}\nwarning: ${account} is in none of the SSO Administrators now and administers single sign-on no more. On the server, carillon config set singleSignOn.system.administrators '[]' takes them back`,
      );
    },
  },
];

/** Changes settings and says that it was done. */
export async function change(
  session: Session,
  changes: { readonly system?: Record<string, unknown>; readonly server?: Record<string, unknown> },
  done: string,
): Promise<void> {
  await session.withService((client) => client.call('sso.changeSettings', changes));
  session.print({ changed: changes }, () => done);
}

function switchSystem(name: string, enabled: boolean): SsoVerb {
  return {
    name,
    usage: '',
    summary: `${enabled ? 'Enable' : 'Disable'} the whole system`,
    takes: [0, 0],
    run: (session) =>
      change(session, { system: { enabled } }, `Single sign-on is ${enabled ? 'enabled' : 'disabled'}`),
  };
}

function switchFeature(name: string, on: boolean): SsoVerb {
  return {
    name,
    usage: `<${Object.keys(features).join('|')}>`,
    summary: `${on ? 'Enable' : 'Disable'} one feature of the system`,
    takes: [1, 1],
    async run(session, [word = '']) {
      const feature = Object.hasOwn(features, word.toLowerCase()) ? features[word.toLowerCase()] : undefined;
      if (feature === undefined)
        throw new AppError('invalid_input', `"${word}" is none of ${Object.keys(features).join(', ')}`);
      const { system } = await session.withService((client) => client.call('sso.settings', {}));
      await change(session, { system: feature(on, system) }, `${word} is ${on ? 'enabled' : 'disabled'}`);
    },
  };
}

async function displaySystem(session: Session): Promise<void> {
  const [settings, { shared }] = await session.withService((client) =>
    Promise.all([client.call('sso.settings', {}), client.call('sso.database', {})]),
  );
  session.print(settings, ({ system, server }) =>
    formatFacts([
      ['SQL Server', shared?.host ?? 'this server, in its own store'],
      ['SSO database', shared?.database],
      ['Secret Server', system.masterSecretServer ?? server?.name],
      ['SSO Administrators', system.administrators.join('; ')],
      ['SSO Affiliate Administrators', system.affiliateAdministrators.join('; ')],
      ['Size of audit table for deleted applications', system.audits.deletedApplications],
      ['Size of audit table for deleted user mappings', system.audits.deletedMappings],
      ['Size of audit table for external credential lookups', system.audits.externalCredentialLookups],
      ['Ticket timeout (in minutes)', system.ticketTimeout],
      ['Credential cache timeout (in minutes)', system.credentialCacheTimeout],
      ['SSO Status', system.enabled ? 'Enabled' : 'Disabled'],
      ['Tickets allowed', yesNo(system.allowTickets)],
      ['Validate tickets', yesNo(system.validateTickets)],
      ['Host initiated SSO', yesNo(system.allowHostInitiatedSso)],
      ['Password sync from Windows to adapters', yesNo(system.passwordSync.fromWindowsToAdapters)],
      ['Password sync from adapters to SSO database', yesNo(system.passwordSync.fromAdaptersToDatabase)],
      ['Password sync from adapters to Windows', yesNo(system.passwordSync.fromAdaptersToWindows)],
    ]),
  );
}
