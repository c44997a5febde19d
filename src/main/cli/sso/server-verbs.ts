import type { SsoVerb } from './sso-verb.ts';

/** Starting and stopping the servers of the system, as the console does it. */
export const serverVerbs: readonly SsoVerb[] = [
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
