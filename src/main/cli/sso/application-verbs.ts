import { parseDefinitions } from '#exchange/entsso/parse-definitions.ts';
import { readSsoXml } from '#exchange/entsso/read-sso-xml.ts';
import { AppError } from '#shared/model/app-error.ts';
import { type SsoApplication, ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { formatTable } from '../output/table.ts';
import type { Session } from '../session.ts';
import { madeDisabled } from './made-disabled.ts';
import { readToolFile } from './read-tool-file.ts';
import { formatFacts, reportNames, type SsoVerb, yesNo } from './sso-verb.ts';

const typeWords = { individual: 'Individual', group: 'Group', 'host-group': 'Host Group' } as const;

export const listApplications: SsoVerb = {
  name: 'listapps',
  usage: '[all]',
  summary: 'List the applications that you administer or use',
  takes: [0, 1],
  async run(session) {
    const applications = await session.withService((client) => client.call('sso.applications', {}));
    session.print(applications, () =>
      formatTable(
        [
          { title: 'state', value: ({ enabled }) => (enabled ? '(E)' : '(D)') },
          { title: 'name', value: ({ name }) => name },
          { title: 'type', value: ({ type }) => typeWords[type] },
          { title: 'description', value: ({ description }) => description },
          { title: 'contact', value: ({ contact }) => contact },
        ],
        applications,
      ),
    );
  },
};

export const displayApplication: SsoVerb = {
  name: 'displayapp',
  usage: '<application>',
  summary: 'Show one application',
  takes: [1, 1],
  async run(session, [name = '']) {
    const application = await session.withService((client) => client.call('sso.application', { name }));
    session.print(application, formatApplication);
  },
};

export const applicationVerbs: readonly SsoVerb[] = [
  listApplications,
  displayApplication,
  {
    name: 'createapps',
    usage: '<file>',
    summary: 'Create the applications of a file, all of them or none',
    takes: [1, 1],
    async run(session, [file = '']) {
      const { definitions } = readSsoXml(readToolFile(file), file);
      const { disabled, enabled } = madeDisabled(definitions);
      const applications = parseDefinitions(ssoApplicationSchema, disabled, file);
      await session.withService((client) =>
        client.call('sso.createApplications', { applications, enable: enabled }),
      );
      reportNames(
        session,
        'created',
        applications.map(({ name }) => name),
      );
    },
  },
  {
    name: 'updateapps',
    usage: '<file>',
    summary: 'Change applications as a file says, all of them or none',
    takes: [1, 1],
    async run(session, [file = '']) {
      const { definitions } = readSsoXml(readToolFile(file), file);
      if (definitions.length === 0) throw new AppError('invalid_input', `${file} has no <application>`);
      const updates = definitions.map(({ name, values }) => ({ name, changes: { ...values } }));
      await session.withService((client) => client.call('sso.updateApplications', { updates }));
      reportNames(
        session,
        'updated',
        updates.map(({ name }) => name),
      );
    },
  },
  {
    name: 'deleteapp',
    usage: '<application>',
    summary: 'Delete an application with its mappings',
    takes: [1, 1],
    run: (session, [name = '']) => deleteAll(session, [name]),
  },
  {
    name: 'deleteapps',
    usage: '<file>',
    summary: 'Delete the applications that a file names, all of them or none',
    takes: [1, 1],
    run: (session, [file = '']) =>
      deleteAll(
        session,
        readSsoXml(readToolFile(file), file).definitions.map(({ name }) => name),
      ),
  },
  switchApplication('enableapp', true),
  switchApplication('disableapp', false),
  {
    name: 'purgecache',
    usage: '<application>',
    summary: 'Forget the cached credentials of an application',
    takes: [1, 1],
    async run(session, [name = '']) {
      await session.withService((client) => client.call('sso.clearCache', { name }));
      reportNames(session, 'cleared', [name]);
    },
  },
];

function switchApplication(name: string, enabled: boolean): SsoVerb {
  return {
    name,
    usage: '<application>',
    summary: `${enabled ? 'Enable' : 'Disable'} an application`,
    takes: [1, 1],
    async run(session, [application = '']) {
      const updates = [{ name: application, changes: { enabled } }];
      await session.withService((client) => client.call('sso.updateApplications', { updates }));
      reportNames(session, enabled ? 'enabled' : 'disabled', [application]);
    },
  };
}

async function deleteAll(session: Session, names: readonly string[]): Promise<void> {
  await session.withService((client) => client.call('sso.deleteApplications', { names: [...names] }));
  reportNames(session, 'deleted', names);
}

function formatApplication(application: SsoApplication): string {
  const { fields } = application;
  return formatFacts([
    ['Application name', application.name],
    ['Application type', typeWords[application.type]],
    ['Description', application.description],
    ['Contact', application.contact],
    ['Application Administrators', application.administrators.join('; ')],
    application.windowsAccount === undefined
      ? ['Application Users', application.users.join('; ')]
      : ['Windows account', application.windowsAccount],
    ['Enabled', yesNo(application.enabled)],
    ['Windows initiated SSO', yesNo(application.allowWindowsInitiatedSso)],
    ['Host initiated SSO', yesNo(application.allowHostInitiatedSso)],
    ['Verify external credentials', yesNo(application.verifyExternalCredentials)],
    ['Disable credential cache', yesNo(application.disableCredentialCache)],
    ['Tickets allowed', yesNo(application.allowTickets)],
    ['Validate tickets', yesNo(application.validateTickets)],
    ['Timeout tickets', yesNo(application.timeoutTickets)],
    ['Ticket timeout (in minutes)', application.ticketTimeout],
    ['Direct Password Sync from Windows', yesNo(application.directPasswordSync)],
    ['Application users cannot create mappings', yesNo(application.restrictMappingCreate)],
    ['Allow local accounts', yesNo(application.allowLocalAccounts)],
    ['Password sync adapter', application.adapter],
    ['Password filter', application.passwordFilter],
    ...fields.map(({ label, masked, synchronized }, index): readonly [string, string] => [
      `Field [${index}]`,
      [label, ...(masked ? ['masked'] : []), ...(synchronized ? ['synchronized'] : [])].join(', '),
    ]),
  ]);
}
