import type { Command } from 'commander';

import { AppError } from '#shared/model/app-error.ts';
import { auditLevelSchema } from '#shared/model/single-sign-on.ts';

import { formatTime } from '../output/time-words.ts';
import { readNewSecret, readSecret } from '../read-secret.ts';
import type { Session } from '../session.ts';
import { databaseVerbs } from '../sso/database-verbs.ts';
import { serverVerbs } from '../sso/server-verbs.ts';
import { addSsoTool, formatFacts, parseYesNo, type SsoVerb, yesNo } from '../sso/sso-verb.ts';
import { change } from '../sso/system-verbs.ts';
import type { Terminal } from '../terminal.ts';

/** ssoconfig: for SSO Administrators, on one server. */
export function addSsoconfigCommand(program: Command, terminal: Terminal): void {
  addSsoTool(program, terminal, {
    name: 'ssoconfig',
    summary: 'Single sign-on: this server and its master secret',
    verbs,
  });
}

const levels = auditLevelSchema.options;
const allowed = {
  PCNS: ['allowPasswordSyncFromPcns'],
  MIIS: ['allowPasswordSyncFromMiis'],
  FIM: ['allowPasswordSyncFromFim'],
} as const;

const verbs: readonly SsoVerb[] = [
  {
    name: 'checkspn',
    usage: '<connect to>',
    summary:
      'Find what is wrong with the service principal name of this server, and the commands that mend it',
    takes: [1, 1],
    async run(session, [connectTo = '']) {
      const advice = await session.withService((client) => client.call('sso.checkSpn', { connectTo }));
      session.print(advice, ({ spn, accounts, findings }) =>
        findings.length === 0
          ? `${spn} stands on ${accounts.join(', ')}, and the clocks agree`
          : findings.map(({ message, fix }) => `${message}\n  ${fix}`).join('\n'),
      );
      const [first] = advice.findings;
      if (first !== undefined) throw new AppError('invalid_configuration', first.message, { fix: first.fix });
    },
  },
  {
    name: 'status',
    usage: '',
    summary: 'Show this server and its master secret',
    takes: [0, 0],
    run: showStatus,
  },
  ...serverVerbs,
  ...databaseVerbs,
  {
    name: 'generatesecret',
    usage: '<backup file> [<reminder>]',
    summary: 'Make a new master secret and back it up',
    takes: [1, 2],
    async run(session, [file = '', reminder = '']) {
      const input = await withPassword(session, file, true);
      const made = await session.withService((client) =>
        client.call('sso.generateSecret', { ...input, reminder }),
      );
      session.print(made, ({ current }) =>
        [
          `Master secret ${current} was generated and backed up to ${input.file}`,
          'Credentials are being sealed with it: carillon ssoconfig -status',
        ].join('\n'),
      );
    },
  },
  {
    name: 'backupsecret',
    usage: '<backup file> [<reminder>]',
    summary: 'Write the master secret to a file that a password seals',
    takes: [1, 2],
    async run(session, [file = '', reminder = '']) {
      const input = await withPassword(session, file, true);
      await session.withService((client) => client.call('sso.backUpSecret', { ...input, reminder }));
      session.print(
        { file: input.file },
        ({ file: written }) => `The master secret was backed up to ${written}`,
      );
    },
  },
  {
    name: 'restoresecret',
    usage: '<backup file>',
    summary: 'Put the master secret of a backup in place',
    takes: [1, 1],
    async run(session, [file = '']) {
      const input = await withPassword(session, file, false);
      const restored = await session.withService((client) => client.call('sso.restoreSecret', input));
      session.print(restored, ({ current }) => `Master secret ${current} was restored`);
    },
  },
  {
    name: 'testsecret',
    usage: '<backup file>',
    summary: 'Try a backup without using it',
    takes: [1, 1],
    async run(session, [file = '']) {
      const input = await withPassword(session, file, false);
      const verdict = await session.withService((client) => client.call('sso.testSecret', input));
      session.print(verdict, ({ secrets, hasCurrent, lost }) =>
        [
          `The backup opens and holds ${secrets.length} secrets: ${secrets.join(', ')}`,
          hasCurrent
            ? 'The current master secret is among them'
            : 'The current master secret is not among them',
          lost === 0 ? 'Every stored credential would open' : `${lost} stored credentials would not open`,
        ].join('\n'),
      );
      if (!verdict.hasCurrent || verdict.lost > 0)
        throw new AppError('damaged', `Restoring ${input.file} would lose credentials`, {
          fix: 'Write a new backup: carillon ssoconfig -backupsecret <file>',
        });
    },
  },
  {
    name: 'showreminder',
    usage: '<backup file>',
    summary: 'Show the reminder of a backup',
    takes: [1, 1],
    async run(session, [file = '']) {
      const input = { file: session.servicePath(file) };
      const found = await session.withService((client) => client.call('sso.secretReminder', input));
      session.print(found, ({ reminder }) => reminder || 'It has no reminder');
    },
  },
  {
    name: 'reencrypt',
    usage: '',
    summary: 'Seal every credential with the current master secret, in the background',
    takes: [0, 0],
    async run(session) {
      await session.withService((client) => client.call('sso.reencrypt', {}));
      session.print({ started: true }, () => 'Re-encryption was started: carillon ssoconfig -status');
    },
  },
  {
    name: 'cancelreencrypt',
    usage: '',
    summary: 'End re-encryption early',
    takes: [0, 0],
    async run(session) {
      const ended = await session.withService((client) => client.call('sso.cancelReencrypt', {}));
      session.print(ended, ({ wasRunning }) =>
        wasRunning ? 'Re-encryption was ended' : 'Nothing was running',
      );
    },
  },
  {
    name: 'auditlevel',
    usage: '<positive 0-3> <negative 0-3>',
    summary: 'Set what of successes and refusals goes to the event log',
    takes: [2, 2],
    run: (session, [positive = '', negative = '']) =>
      change(
        session,
        { server: { positiveAuditLevel: parseLevel(positive), negativeAuditLevel: parseLevel(negative) } },
        'The audit levels were changed',
      ),
  },
  {
    name: 'syncage',
    usage: '[<hours>]',
    summary: 'Show or change how old a password change may be',
    takes: [0, 1],
    async run(session, [hours]) {
      if (hours !== undefined && !/^\d{1,4}$/.test(hours))
        throw new AppError('invalid_input', `"${hours}" is no number of hours`);
      if (hours !== undefined)
        return await change(session, { server: { passwordSyncAge: Number(hours) } }, 'The age was changed');
      const { server } = await session.withService((client) => client.call('sso.settings', {}));
      session.print({ hours: server?.passwordSyncAge }, ({ hours: age }) => `${age ?? '-'} hours`);
    },
  },
  {
    name: 'remotelookup',
    usage: '<yes/no>',
    summary: 'Take look-ups from other computers',
    takes: [1, 1],
    run: (session, [word = '']) =>
      change(session, { server: { allowRemoteLookup: parseYesNo(word) } }, 'The setting was changed'),
  },
  {
    name: 'allowps',
    usage: `<${Object.keys(allowed).join('|')}> <yes/no>`,
    summary: 'Take password changes from domain controllers, or from Identity Manager',
    takes: [2, 2],
    run(session, [source = '', word = '']) {
      const key = source.toUpperCase();
      if (!isSource(key))
        throw new AppError('invalid_input', `"${source}" is none of ${Object.keys(allowed).join(', ')}`);
      const value = parseYesNo(word);
      const server = Object.fromEntries(allowed[key].map((name) => [name, value]));
      return change(session, { server }, 'The setting was changed');
    },
  },
];

function isSource(word: string): word is keyof typeof allowed {
  return Object.hasOwn(allowed, word);
}

function parseLevel(word: string): string {
  const level = /^[0-3]$/.test(word)
    ? levels[Number(word)]
    : levels.find((each) => each === word.toLowerCase());
  if (level === undefined)
    throw new AppError('invalid_input', `"${word}" is no audit level: 0 ${levels[0]} to 3 ${levels[3]}`);
  return level;
}

async function withPassword(session: Session, file: string, isNew: boolean) {
  const ask = isNew ? readNewSecret : readSecret;
  using password = await ask(session.terminal, 'Password of the backup, 7 characters or more');
  return { file: session.servicePath(file), password: session.encodeSecret(password) };
}

async function showStatus(session: Session): Promise<void> {
  const status = await session.withService((client) => client.call('sso.status', {}));
  const { secret, reEncryption } = status;
  session.print(status, () =>
    formatFacts([
      ['SSO Server', status.server ?? `${status.hostName}, which the system has no server for`],
      ['SSO Status', status.enabled ? 'Enabled' : 'Disabled'],
      ['You are', `${status.account} (${status.role})`],
      ['Applications', status.applications],
      ['Adapters', status.adapters],
      ['Master secret server', yesNo(secret.isSecretServer)],
      ['Master secret', secret.current ?? 'none: carillon ssoconfig -generatesecret <backup file>'],
      ['Made', secret.createdAt === undefined ? undefined : formatTime(secret.createdAt)],
      [
        'Backup',
        secret.needsBackup
          ? 'NEVER: carillon ssoconfig -backupsecret <file>'
          : backupWords(secret.backedUpAt),
      ],
      [
        'Re-encryption',
        reEncryption.running ? `${reEncryption.done} of ${reEncryption.total}` : 'not running',
      ],
    ]),
  );
}

function backupWords(at: number | undefined): string | undefined {
  return at === undefined ? undefined : formatTime(at);
}
