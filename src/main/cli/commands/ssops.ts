import type { Command } from 'commander';
import { parseDefinitions } from '#exchange/entsso/parse-definitions.ts';
import { readAdapterXml } from '#exchange/entsso/read-sso-xml.ts';
import { AppError } from '#shared/model/app-error.ts';
import { type SsoAdapter, ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { writeSsoXml } from '#shared/text/write-sso-xml.ts';
import { formatTable } from '../output/table.ts';
import type { Session } from '../session.ts';
import { dampingVerb } from '../sso/damping-verb.ts';
import { replayFiles } from '../sso/database-verbs.ts';
import { writeNew } from '../sso/export-verbs.ts';
import { madeDisabled } from '../sso/made-disabled.ts';
import { readToolFile } from '../sso/read-tool-file.ts';
import { setProperties } from '../sso/set-properties.ts';
import { addSsoTool, formatFacts, reportNames, type SsoVerb, yesNo } from '../sso/sso-verb.ts';
import type { Terminal } from '../terminal.ts';

/** ssops: password synchronization adapters. */
export function addSsopsCommand(program: Command, terminal: Terminal): void {
  addSsoTool(program, terminal, {
    name: 'ssops',
    summary: 'Single sign-on: password synchronization adapters',
    verbs,
  });
}

const verbs: readonly SsoVerb[] = [
  { name: 'list', usage: '', summary: 'List the adapters', takes: [0, 0], run: list },
  { name: 'display', usage: '<adapter>', summary: 'Show one adapter', takes: [1, 1], run: display },
  {
    name: 'create',
    usage: '<file>',
    summary: 'Create the adapters of a file, all of them or none',
    takes: [1, 1],
    async run(session, [file = '']) {
      const { definitions } = readAdapterXml(readToolFile(file), file);
      const { disabled, enabled } = madeDisabled(definitions);
      const adapters = parseDefinitions(ssoAdapterSchema, disabled, file);
      const updates = enabled.map((name) => ({ name, changes: { enabled: true } }));
      await session.withService(async (client) => {
        await client.call('sso.createAdapters', { adapters });
        if (updates.length > 0) await client.call('sso.updateAdapters', { updates });
      });
      session.print({ created: adapters }, () =>
        adapters.map((each) => formatAdapter(each, [], [])).join('\n\n'),
      );
    },
  },
  {
    name: 'update',
    usage: '<file>',
    summary: 'Change adapters as a file says, all of them or none',
    takes: [1, 1],
    async run(session, [file = '']) {
      const { definitions } = readAdapterXml(readToolFile(file), file);
      if (definitions.length === 0) throw new AppError('invalid_input', `${file} has no <application>`);
      const updates = definitions.map(({ name, values }) => ({ name, changes: { ...values } }));
      await session.withService((client) => client.call('sso.updateAdapters', { updates }));
      reportNames(
        session,
        'updated',
        definitions.map(({ name }) => name),
      );
    },
  },
  {
    name: 'export',
    usage: '<file> [<adapter> ...]',
    summary: 'Write adapters to a file for -create and -update',
    takes: [1, 64],
    async run(session, [file = '', ...names]) {
      const rows = await session.withService((client) => client.call('sso.adapters', {}));
      const chosen = names.length === 0 ? rows : await Promise.all(names.map((name) => find(session, name)));
      const adapters = chosen.map(({ adapter }) => adapter);
      writeNew(session, file, writeSsoXml({ adapters }), { adapters: adapters.length });
    },
  },
  setProperties(async (session, name) => (await find(session, name)).adapter),
  simple('delete', '<adapter>', 'Delete an adapter', (session, [name = '']) =>
    session.withService((client) => client.call('sso.deleteAdapter', { name })),
  ),
  simple('enable', '<adapter>', 'Enable an adapter', (session, [name = '']) =>
    setEnabled(session, name, true),
  ),
  simple('disable', '<adapter>', 'Disable an adapter', (session, [name = '']) =>
    setEnabled(session, name, false),
  ),
  simple('addapp', '<adapter> <application>', 'Assign an application to an adapter', (session, args) => {
    const [adapter = '', application = ''] = args;
    return session.withService((client) => client.call('sso.assignApplication', { adapter, application }));
  }),
  simple(
    'deleteapp',
    '<application>',
    'Take an application from its adapter',
    (session, [application = '']) =>
      session.withService((client) => client.call('sso.unassignApplication', { application })),
  ),
  replayFiles,
  {
    name: 'reset',
    usage: '<adapter|all|damping>',
    summary: 'Empty the queue of one adapter or of all, or forget what damping remembers',
    takes: [1, 1],
    async run(session, [word = '']) {
      const what = word.toLowerCase();
      const { dropped } = await session.withService((client) =>
        client.call('adapters.reset', what === 'all' || what === 'damping' ? { what } : { adapter: word }),
      );
      session.print({ dropped }, () => `${dropped} entries were dropped`);
    },
  },
  dampingVerb,
  simple(
    'addtogroup',
    '<adapter> <group>',
    'Add an adapter to a group',
    (session, [adapter = '', group = '']) =>
      session.withService((client) => client.call('sso.addToGroup', { adapter, group })),
  ),
  simple('deletefromgroup', '<adapter> <group>', 'Take an adapter out of its group', (session, args) => {
    const [adapter = '', group = ''] = args;
    return session.withService((client) => client.call('sso.removeFromGroup', { adapter, group }));
  }),
];

/** A verb that prints that it was done. */
function simple(
  name: string,
  usage: string,
  summary: string,
  work: (session: Session, args: readonly string[]) => Promise<unknown>,
): SsoVerb {
  const count = usage.split(' ').length;
  return {
    name,
    usage,
    summary,
    takes: [count, count],
    async run(session, args) {
      await work(session, args);
      session.print({ done: name, arguments: args }, () => `${args.join(' ')}: done`);
    },
  };
}

async function setEnabled(session: Session, name: string, enabled: boolean): Promise<void> {
  await session.withService((client) =>
    client.call('sso.updateAdapters', { updates: [{ name, changes: { enabled } }] }),
  );
}

async function list(session: Session): Promise<void> {
  const rows = await session.withService((client) => client.call('sso.adapters', {}));
  session.print(rows, () =>
    formatTable(
      [
        { title: 'state', value: ({ adapter }) => (adapter.enabled ? '(E)' : '(D)') },
        { title: 'name', value: ({ adapter }) => adapter.name },
        { title: 'computer', value: ({ adapter }) => adapter.computer },
        { title: 'applications', value: ({ applications }) => applications.join(', ') },
        { title: 'description', value: ({ adapter }) => adapter.description },
      ],
      rows,
    ),
  );
}

async function find(session: Session, name: string) {
  const rows = await session.withService((client) => client.call('sso.adapters', {}));
  const row = rows.find(({ adapter }) => adapter.name.toLowerCase() === name.toLowerCase());
  if (row === undefined) throw new AppError('not_found', `No password sync adapter "${name}" (event 10822)`);
  return row;
}

async function display(session: Session, [name = '']: readonly string[]): Promise<void> {
  const row = await find(session, name);
  session.print(row, ({ adapter, applications, members }) => formatAdapter(adapter, applications, members));
}

function formatAdapter(
  adapter: SsoAdapter,
  applications: readonly string[],
  members: readonly string[],
): string {
  return formatFacts([
    ['Adapter name', adapter.name],
    ['Type', adapter.kind === 'group-adapter' ? 'Password Sync Group Adapter' : 'Password Sync Adapter'],
    ['Description', adapter.description],
    ['Computer', adapter.computer],
    ['Application Administrators', adapter.administrators.join('; ')],
    ['Application Users', adapter.users.join('; ')],
    ['Enabled', yesNo(adapter.enabled)],
    ['Allow local accounts', yesNo(adapter.allowLocalAccounts)],
    ['Receive password changes from adapter', yesNo(adapter.receiveChanges)],
    ['Verify old password', yesNo(adapter.verifyOldPassword)],
    ['Change Windows password', yesNo(adapter.changeWindowsPassword)],
    ['Send Windows password changes to adapter', yesNo(adapter.sendChanges)],
    ['Send old password to adapter', yesNo(adapter.sendOldPassword)],
    ['Allow mapping conflicts', yesNo(adapter.allowMappingConflicts)],
    ['Notification retry count', adapter.retryCount],
    ['Notification retry delay (in mins)', adapter.retryDelay],
    ['Maximum pending notifications', adapter.maxPending],
    ['Store notifications (when offline)', yesNo(adapter.storeNotifications)],
    ...Object.entries(adapter.properties),
    ['Adapter group', adapter.group],
    ['Applications', applications.join(', ')],
    ['Members', members.join(', ')],
  ]);
}
