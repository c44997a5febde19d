import { AppError } from '#shared/model/app-error.ts';

import type { Session } from '../session.ts';
import type { SsoVerb } from './sso-verb.ts';

/** The servers of the system, as the console adds, deletes, starts and stops them. */
export const serverVerbs: readonly SsoVerb[] = [
  {
    name: 'addserver',
    usage: '<server> [<domain>\\<service account>]',
    summary: 'Add a server to the system, or name the account that one runs as',
    takes: [1, 2],
    run: addServer,
  },
  {
    name: 'deleteserver',
    usage: '<server>',
    summary: 'Take a server from the system; the computer itself stays as it is',
    takes: [1, 1],
    async run(session, [name = '']) {
      await edit(session, name, (index) => {
        if (index < 0)
          throw new AppError('not_found', `The system has no server "${name}"`, {
            fix: 'carillon config show lists those that it has.',
          });
        return [{ path: ['singleSignOn', 'servers', index] }];
      });
      session.print({ name, deleted: true }, () => `${name} was deleted`);
    },
  },
  {
    name: 'startserver',
    usage: '<server>',
    summary: 'Let a server give out credentials and synchronize passwords again',
    takes: [1, 1],
    async run(session, [name = '']) {
      await session.withService((client) => client.call('sso.startServer', { name }));
      session.print({ name, started: true }, () => `${name} was started`);
    },
  },
  {
    name: 'stopserver',
    usage: '<server>',
    summary: 'Have a server give out no credentials and synchronize no passwords until it is started',
    takes: [1, 1],
    async run(session, [name = '']) {
      await session.withService((client) => client.call('sso.stopServer', { name }));
      session.print({ name, started: false }, () => `${name} was stopped`);
    },
  },
];

async function addServer(session: Session, [name = '', serviceAccount]: readonly string[]): Promise<void> {
  const value = { name, ...(serviceAccount === undefined ? {} : { serviceAccount }) };
  await edit(session, name, (index, count) => {
    const path = ['singleSignOn', 'servers', index < 0 ? count : index];
    if (index < 0) return [{ path, value }];
    if (serviceAccount === undefined)
      throw new AppError('conflict', `The system has the server "${name}" already`);
    return [{ path: [...path, 'serviceAccount'], value: serviceAccount }];
  });
  session.print(value, () =>
    serviceAccount === undefined ? `${name} was added` : `${name} runs as ${serviceAccount}`,
  );
}

/** Changes the list of servers; `plan` gets where the named one stands, -1 for nowhere, and how many there are. */
async function edit(
  session: Session,
  name: string,
  plan: (index: number, count: number) => { path: (string | number)[]; value?: string | object }[],
): Promise<void> {
  await session.withService(async (client) => {
    const { configuration, revision } = await client.call('configuration.get', {});
    const { servers } = configuration.singleSignOn;
    const index = servers.findIndex((server) => server.name.toLowerCase() === name.toLowerCase());
    const changes = plan(index, servers.length).map(({ path, value }) => ({
      path,
      ...(value === undefined ? {} : { value: value as never }),
    }));
    await client.call('configuration.set', { changes, revision });
  });
}
