import type { Command } from 'commander';

import { AppError } from '#shared/model/app-error.ts';
import type { Session } from '../session.ts';
import { displayApplication, listApplications } from '../sso/application-verbs.ts';
import { setServer, showServer } from '../sso/default-server-verbs.ts';
import { deleteMapping, listMappings, setCredentials, setMappingEnabled } from '../sso/mapping-verbs.ts';
import { printCredentials } from '../sso/print-credentials.ts';
import { addSsoTool, type SsoVerb } from '../sso/sso-verb.ts';
import type { Terminal } from '../terminal.ts';

/** ssoclient: for users, about themselves. */
export function addSsoclientCommand(program: Command, terminal: Terminal): void {
  addSsoTool(program, terminal, {
    name: 'ssoclient',
    summary: 'Single sign-on: your own mappings and credentials',
    verbs,
  });
}

const own = (
  name: string,
  summary: string,
  run: (session: Session, account: string, application: string, externalUser?: string) => Promise<void>,
): SsoVerb => ({
  name,
  usage: name === 'setcredentials' ? '<application> [<external user>]' : '<application>',
  summary,
  takes: [1, name === 'setcredentials' ? 2 : 1],
  run: async (session, [application = '', externalUser]) =>
    run(session, await ownAccount(session), application, externalUser),
});

const verbs: readonly SsoVerb[] = [
  setServer,
  showServer,
  listApplications,
  displayApplication,
  {
    name: 'listmappings',
    usage: '',
    summary: 'List your mappings',
    takes: [0, 0],
    run: async (session) => listMappings(session, [await ownAccount(session)]),
  },
  own(
    'setcredentials',
    'Set your credentials; makes the mapping too, and asks for the external user',
    (session, windowsAccount, application, externalUser) =>
      setCredentials(session, application, {
        application,
        windowsAccount,
        ...(externalUser === undefined ? {} : { externalUser }),
      }),
  ),
  {
    name: 'getcredentials',
    usage: '<application>',
    summary: 'Print your credentials; hidden fields only into a pipe',
    takes: [1, 1],
    run: (session, [application = '']) =>
      printCredentials(session, application, (client) => client.call('sso.getCredentials', { application })),
  },
  own('enablemapping', 'Enable your mapping', (session, windowsAccount, application) =>
    setMappingEnabled(session, { application, windowsAccount }, true),
  ),
  own('disablemapping', 'Disable your mapping', (session, windowsAccount, application) =>
    setMappingEnabled(session, { application, windowsAccount }, false),
  ),
  own('deletemapping', 'Delete your mapping', deleteMapping),
  {
    name: 'issueticket',
    usage: '',
    summary: 'Print a ticket for yourself',
    takes: [0, 0],
    async run(session) {
      const issued = await session.withService((client) => client.call('sso.issueTicket', {}));
      session.print(issued, ({ ticket }) => ticket);
    },
  },
];

/** The account that the service knows this caller by. */
async function ownAccount(session: Session): Promise<string> {
  const { account } = await session.withService((client) => client.call('sso.status', {}));
  if (account.includes('\\')) return account;
  throw new AppError('forbidden', 'The service does not know you by an account of the domain', {
    fix: 'Name a service account for the server, or use ssomanage and say whose mapping is meant.',
  });
}
