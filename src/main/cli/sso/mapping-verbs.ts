import { writeFileSync } from 'node:fs';

import { readSsoXml } from '#exchange/entsso/read-sso-xml.ts';
import { mostMappingsAtOnce } from '#shared/contract/sso-bulk.ts';
import type { SsoMapping } from '#shared/contract/sso-mapping.ts';
import { AppError } from '#shared/model/app-error.ts';
import { nameRulesSchema } from '#shared/model/sso-name-rules.ts';
import { writeMappingXml } from '#shared/text/write-mapping-xml.ts';
import { formatTable } from '../output/table.ts';
import type { Session } from '../session.ts';
import { askExternalUser } from './ask-external-user.ts';
import { bulkMappings } from './bulk-mappings.ts';
import { requireOnce, withoutRepeated, workThrough } from './mapping-pieces.ts';
import { parseAssignments } from './parse-assignments.ts';
import { readFields } from './read-fields.ts';
import { readToolFile } from './read-tool-file.ts';
import type { SsoVerb } from './sso-verb.ts';

/** `DOMAIN\user` of an application; a Host Group's mappings are named by their external account. */
export function referenceOf(account: string, application: string) {
  return account.includes('\\')
    ? { application, windowsAccount: account }
    : { application, externalUser: account };
}

/** Mappings that one call gives at most. */
const pageSize = 10_000;

export const mappingVerbs: readonly SsoVerb[] = [
  {
    name: 'listmappings',
    usage: '[<domain>\\<user>] [<application>]',
    summary: 'List mappings of a user, an application or both',
    takes: [1, 2],
    run: (session, args) => listMappings(session, args),
  },
  {
    name: 'createmappings',
    usage: '<file> [enable]',
    summary: 'Create the mappings of a file, all of them or none',
    takes: [1, 2],
    async run(session, [file = '', word]) {
      const mappings = readMappings(file);
      const enable = word !== undefined;
      if (enable && word.replace(/^-/, '') !== 'enable')
        throw new AppError('invalid_input', `"${word}" is not "enable"`);
      const made = await session.withService(async (client) => {
        if (mappings.length > mostMappingsAtOnce)
          await requireOnce(file, mappings, (name) => client.call('sso.application', { name }));
        return await workThrough(file, mappings, async (piece, check) => [
          ...(await client.call('sso.createMappings', { mappings: piece, enable, check })),
        ]);
      });
      session.print(made, () => `${made.length} mappings were created`);
    },
  },
  {
    name: 'deletemappings',
    usage: '<file>',
    summary: 'Delete the mappings of a file, all of them or none',
    takes: [1, 1],
    async run(session, [file = '']) {
      const mappings = readMappings(file);
      const counts = await session.withService((client) =>
        workThrough(file, withoutRepeated(mappings), async (piece, check) => {
          const { deleted } = await client.call('sso.deleteMappings', { mappings: piece, check });
          return check ? [] : piece.slice(0, deleted);
        }),
      );
      session.print({ deleted: counts.length }, ({ deleted }) => `${deleted} mappings were deleted`);
    },
  },
  {
    name: 'deletemapping',
    usage: '<domain>\\<user> <application>',
    summary: 'Delete a disabled mapping',
    takes: [2, 2],
    run: (session, [account = '', application = '']) => deleteMapping(session, account, application),
  },
  switchVerb('enablemapping', true),
  switchVerb('disablemapping', false),
  {
    name: 'setcredentials',
    usage: '<domain>\\<user> <application> [<external user>]',
    summary: 'Set the credentials of a mapping; makes it where there is none, and asks for the external user',
    takes: [2, 3],
    run: (session, [account = '', application = '', externalUser]) =>
      setCredentials(session, application, {
        ...referenceOf(account, application),
        ...(externalUser === undefined ? {} : { externalUser }),
      }),
  },
  {
    name: 'planmappings',
    usage: '<application> <file> <domain>\\<group>[;...] [<rule>=<value> ...]',
    summary: `Write the mappings of a group's users to a file; rules: ${Object.keys(nameRulesSchema.shape).join(', ')}`,
    takes: [3, 16],
    run: planMappings,
  },
  bulkMappings,
];

export async function listMappings(session: Session, args: readonly string[]): Promise<void> {
  const windowsAccount = args.find((arg) => arg.includes('\\'));
  const application = args.find((arg) => !arg.includes('\\'));
  const mappings = await session.withService(async (client) => {
    const found: SsoMapping[] = [];
    for (;;) {
      const after = found.at(-1)?.id;
      const page = await client.call('sso.mappings', {
        ...(windowsAccount === undefined ? {} : { windowsAccount }),
        ...(application === undefined ? {} : { application }),
        ...(after === undefined ? {} : { after }),
        limit: pageSize,
      });
      found.push(...page);
      if (page.length < pageSize) return found;
    }
  });
  session.print(mappings, () =>
    formatTable(
      [
        { title: 'state', value: ({ enabled }) => (enabled ? '(E)' : '(D)') },
        { title: 'windows account', value: (mapping) => mapping.windowsAccount },
        { title: 'external user', value: ({ externalUser }) => externalUser },
        { title: 'application', value: (mapping) => mapping.application },
      ],
      mappings,
    ),
  );
}

export async function setMappingEnabled(
  session: Session,
  mapping: { application: string; windowsAccount?: string; externalUser?: string },
  enabled: boolean,
): Promise<void> {
  await session.withService((client) => client.call('sso.setMappingEnabled', { mapping, enabled }));
  session.print({ mapping, enabled }, () => `The mapping is ${enabled ? 'enabled' : 'disabled'}`);
}

export async function deleteMapping(session: Session, account: string, application: string): Promise<void> {
  const mappings = [referenceOf(account, application)];
  const { deleted } = await session.withService((client) => client.call('sso.deleteMappings', { mappings }));
  session.print({ deleted }, () => 'The mapping was deleted');
}

export async function setCredentials(
  session: Session,
  name: string,
  mapping: { application: string; windowsAccount?: string; externalUser?: string },
): Promise<void> {
  await session.withService(async (client) => {
    const application = await client.call('sso.application', { name });
    const isKnown =
      mapping.externalUser !== undefined ||
      (await client.call('sso.mappings', { ...mapping, limit: 1 })).length > 0;
    const externalUser = isKnown ? undefined : await askExternalUser(session.terminal, mapping);
    using typed = await readFields(session.terminal, application);
    const { windowsPassword } = typed;
    const { created } = await client.call('sso.setCredentials', {
      mapping: { ...mapping, ...(externalUser === undefined ? {} : { externalUser }) },
      fields: session.encodeSecret(typed.fields),
      ...(windowsPassword === undefined ? {} : { windowsPassword: session.encodeSecret(windowsPassword) }),
    });
    session.print({ created }, () =>
      created ? 'The mapping was created, and its credentials were set' : 'The credentials were set',
    );
  });
}

function switchVerb(name: string, enabled: boolean): SsoVerb {
  return {
    name,
    usage: '<domain>\\<user>|<external user> <application>',
    summary: `${enabled ? 'Enable' : 'Disable'} a mapping`,
    takes: [2, 2],
    run: (session, [account = '', application = '']) =>
      setMappingEnabled(session, referenceOf(account, application), enabled),
  };
}

async function planMappings(session: Session, args: readonly string[]): Promise<void> {
  const [application = '', file = '', account = '', ...assignments] = args;
  const rules = parseAssignments(nameRulesSchema, assignments);
  const plan = await session.withService((client) =>
    client.call('sso.planMappings', { application, accounts: account.split(';'), rules, limit: 100_000 }),
  );
  const good = plan.filter(({ problem }) => problem === undefined);
  const bad = plan.filter(({ problem }) => problem !== undefined);
  writeFileSync(file, writeMappingXml(application, good), { flag: 'wx' });
  session.print({ file, mappings: good.length, problems: bad }, () =>
    [
      `${good.length} mappings were written to ${file}; create them: carillon ssomanage -createmappings ${file} enable`,
      ...bad.map(
        ({ windowsAccount, externalUser, problem }) =>
          `left out: ${windowsAccount} ${externalUser}: ${problem}`,
      ),
    ].join('\n'),
  );
}

function readMappings(file: string) {
  const { mappings } = readSsoXml(readToolFile(file), file);
  if (mappings.length === 0) throw new AppError('invalid_input', `${file} has no <mapping>`);
  return mappings;
}
