import { AppError } from '#shared/model/app-error.ts';
import { type SharedDatabaseSettings, sharedDatabaseSchema } from '#shared/model/shared-database.ts';

import { formatTable } from '../output/table.ts';
import { readSecret } from '../read-secret.ts';
import type { Session } from '../session.ts';
import { parseAssignments } from './parse-assignments.ts';
import { formatFacts, parseYesNo, type SsoVerb, yesNo } from './sso-verb.ts';

const ownStore = 'this server, in its own store';
const restart = 'It counts from the next start of the service on.';
const choiceUsage =
  '<server>[:<port>] <database> <user> [caFile=<file>] [serverName=<name>] [pollInterval=<s>] [tls=no]';

export const showDatabase: SsoVerb = {
  name: 'showdb',
  usage: '',
  summary: 'Show the credential database of this server',
  takes: [0, 0],
  async run(session) {
    const facts = await session.withService((client) => client.call('sso.database', {}));
    session.print(facts, ({ shared, isInUse, problem }) =>
      formatFacts([
        ['SQL Server', shared === undefined ? ownStore : serverOf(shared)],
        ['SSO database', shared?.database ?? '-'],
        ['User', shared?.user],
        ['Use SSL', shared === undefined ? '-' : yesNo(shared.tls)],
        ['Poll interval (in seconds)', shared?.pollInterval],
        ['In use', isInUse ? 'Yes' : `No. ${restart}`],
        ['Problem', problem],
      ]),
    );
  },
};

export const setSsl: SsoVerb = {
  name: 'setssl',
  usage: '<yes/no>',
  summary: 'Use SSL when connecting to the database server',
  takes: [1, 1],
  async run(session, [word = '']) {
    const tls = parseYesNo(word);
    await session.withService(async (client) => {
      const { shared } = await client.call('sso.database', {});
      if (shared !== undefined) await client.call('sso.setDatabase', { settings: { ...shared, tls } });
      await client.call('sso.changeSettings', { server: { useSsl: tls } });
    });
    session.print({ useSsl: tls }, () => `The setting was changed. ${restart}`);
  },
};

/** Of both tools: the servers' own and the adapters'. */
export const replayFiles: SsoVerb = {
  name: 'replayfiles',
  usage: '[<folder>|-default]',
  summary: 'Show or choose the folder of replay files, which are kept while the database is away',
  takes: [0, 1],
  async run(session, [word]) {
    if (word === undefined) {
      const { replayDirectory } = await session.withService((client) => client.call('sso.database', {}));
      session.print({ replayDirectory }, () => replayDirectory);
      return;
    }
    const isDefault = word.replace(/^[-/]/, '').toLowerCase() === 'default';
    const input = isDefault ? {} : { directory: session.servicePath(word) };
    await session.withService((client) => client.call('sso.setReplayDirectory', input));
    session.print(input, () =>
      [`Replay files go to ${input.directory ?? 'the data directory'}`, restart].join('. '),
    );
  },
};

/** Verbs about the database that servers share, and about what they keep while it is away. */
export const databaseVerbs: readonly SsoVerb[] = [
  showDatabase,
  setSsl,
  {
    name: 'createdb',
    usage: choiceUsage,
    summary:
      'Make a PostgreSQL credential database and move there what this server keeps; asks for the password',
    takes: [3, 7],
    async run(session, args) {
      const settings = parseChoice(session, args);
      using password = await readSecret(session.terminal, `Password of ${settings.user}`);
      const made = await session.withService((client) =>
        client.call('sso.createDatabase', { settings, password: session.encodeSecret(password) }),
      );
      session.print(made, ({ mappings, credentials }) =>
        [
          `${settings.database} was made on ${serverOf(settings)}; ${mappings} mappings and ${credentials} credentials were moved there`,
          restart,
        ].join('\n'),
      );
    },
  },
  {
    name: 'setdb',
    usage: `${choiceUsage} | own`,
    summary:
      'Point this server at a credential database that is there, or at its own store; asks for the password',
    takes: [1, 7],
    run: setDatabase,
  },
  {
    name: 'upgradedb',
    usage: '',
    summary: 'Bring the tables of the credential database up to date',
    takes: [0, 0],
    async run(session) {
      const done = await session.withService((client) => client.call('sso.upgradeDatabase', {}));
      session.print(done, ({ steps }) =>
        steps.length === 0 ? 'The credential database is up to date' : `Done: ${steps.join(', ')}`,
      );
    },
  },
  {
    name: 'discoversvr',
    usage: '',
    summary: 'Find SSO servers by the service principal names that the directory has',
    takes: [0, 0],
    async run(session) {
      const found = await session.withService((client) => client.call('sso.discoverServers', {}));
      session.print(found, () =>
        found.length === 0
          ? 'The directory has no service principal name ENTSSO/...'
          : formatTable(
              [
                { title: 'server', value: ({ name }) => name },
                { title: 'service account', value: ({ serviceAccount }) => serviceAccount },
              ],
              found,
            ),
      );
    },
  },
  replayFiles,
];

async function setDatabase(session: Session, args: readonly string[]): Promise<void> {
  if (args.length === 1 && args[0]?.replace(/^-/, '').toLowerCase() === 'own') {
    await session.withService((client) => client.call('sso.setDatabase', { settings: null }));
    session.print({ settings: null }, () => `The credential database is ${ownStore}. ${restart}`);
    return;
  }
  const settings = parseChoice(session, args);
  using password = await readSecret(session.terminal, `Password of ${settings.user}`);
  await session.withService((client) =>
    client.call('sso.setDatabase', { settings, password: session.encodeSecret(password) }),
  );
  session.print(
    { settings },
    () => `The credential database is ${settings.database} on ${serverOf(settings)}. ${restart}`,
  );
}

/** `<server>[:<port>] <database> <user>`, and what else has a name. */
function parseChoice(session: Session, args: readonly string[]): SharedDatabaseSettings {
  const [server = '', database = '', user = '', ...assignments] = args;
  if (user === '')
    throw new AppError('invalid_input', 'Server, database and user are needed', {
      fix: `Write it as: carillon ssoconfig -setdb ${choiceUsage}`,
    });
  const [, host = server, port] = /^(.+):(\d{1,5})$/.exec(server) ?? [];
  const isTls = (each: string): boolean => each.toLowerCase().startsWith('tls=');
  const tls = assignments.find(isTls);
  const parsed = parseAssignments(sharedDatabaseSchema, [
    `host=${host}`,
    `database=${database}`,
    `user=${user}`,
    ...(port === undefined ? [] : [`port=${port}`]),
    ...assignments.filter((each) => !isTls(each)),
  ]);
  const { caFile } = parsed;
  return {
    ...parsed,
    ...(caFile === undefined ? {} : { caFile: session.servicePath(caFile) }),
    ...(tls === undefined ? {} : { tls: parseYesNo(tls.slice('tls='.length)) }),
  };
}

function serverOf({ host, port }: SharedDatabaseSettings): string {
  return port === undefined ? host : `${host}:${port}`;
}
