import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import type { Command } from 'commander';

import type { MigrationPreview } from '#shared/contract/migration.ts';
import { AppError } from '#shared/model/app-error.ts';

import { onRun } from '../on-run.ts';
import { formatTable } from '../output/table.ts';
import type { CarillonClient } from '../session.ts';
import type { Terminal } from '../terminal.ts';

/** Characters. */
const longestMessage = 3_500_000;
const longestFile = 32 * 1024 * 1024;

/** The way over from Identity Manager (MIIS 2003 to MIM 2016), Enterprise Single Sign-On and PCNS. */
export function addMigrateCommand(program: Command, terminal: Terminal): void {
  const migrate = program
    .command('migrate')
    .description('Bring Identity Manager, Enterprise Single Sign-On and PCNS over, and write it back');

  onRun<[string[]]>(
    terminal,
    migrate
      .command('read')
      .argument(
        '<files...>',
        'folders and files: what Export Server Configuration wrote, files of ssomanage and ssops, what "pcnscfg list" printed',
      )
      .description('Keep exports as they came, and say what of them would come over; changes nothing else'),
    async (session, [given]) => {
      const preview = await session.withService(async (client) => {
        const files = given.flatMap(filesOf).map(([name, path]) => [name, readExport(path)] as const);
        // All of them are looked at first: one that is none of it leaves what was kept before alone.
        const { sortExport } = await import('#exchange/migration/sort-export.ts');
        sortExport(new Map(files));
        for (const [index, [name, bytes]] of files.entries())
          await client.call('migration.upload', {
            name,
            content: pack(bytes, name),
            fresh: index === 0,
          });
        return await client.call('migration.preview', {});
      });
      session.print(preview, () => formatPreview(preview));
    },
  );

  onRun(
    terminal,
    migrate.command('report').description('Say again what of each agent would come over'),
    async (session) => {
      const preview = await session.withReader((client) => client.call('migration.preview', {}));
      session.print(preview, () => formatPreview(preview));
    },
  );

  onRun<[string[]], ImportOptions>(
    terminal,
    migrate
      .command('import')
      .argument('[agents...]', 'names or ids; every agent that can come over where absent')
      .option('--kind <agent=kind...>', 'what an agent becomes: Sun=ldap:openldap')
      .option('--no-definitions', 'without applications and adapters of single sign-on')
      .option('--mappings', 'with the mappings of applications')
      .option('--options', 'with settings of the server and of the single sign-on system')
      .description('Bring it over: agents in shadow mode, so that they write no password, the rest disabled'),
    async (session, [given], { kind = [], definitions: wanted, mappings = false, options = false }) => {
      const done = await session.withService(async (client) => {
        const { agents, definitions } = await client.call('migration.preview', {});
        const chosen =
          given.length === 0 ? agents.filter((agent) => agent.kind !== undefined) : find(agents, given);
        const { revision } = await client.call('configuration.get', {});
        const applied = await client.call('migration.import', {
          agents: chosen.map(({ id }) => id),
          kinds: readKinds(kind, agents),
          definitions: wanted
            ? definitions
                .filter(({ exists, problem }) => !exists && problem === undefined)
                .map(({ key }) => key)
            : [],
          mappings,
          options,
          revision,
        });
        return { ...applied, passwords: chosen.filter((one) => one.needsPassword).map(({ name }) => name) };
      });
      session.print(done, ({ revision, agents, definitions, mappings: mapped, before, passwords }) =>
        [
          `In force: revision ${revision}; in shadow mode: ${agents.join(', ') || 'no agent'}`,
          ...(definitions.length === 0 ? [] : [`Disabled until you enable them: ${definitions.join(', ')}`]),
          ...(mapped === 0 ? [] : [`Mappings: ${mapped}`]),
          ...passwords.map((name) => `Set its password: carillon agents set-password '${name}'`),
          `What was there before is moment ${before}; carillon snapshot undo brings it back`,
        ].join('\n'),
      );
    },
  );

  onRun<[string]>(
    terminal,
    migrate
      .command('lead')
      .argument('<target>', 'a target of the listing of pcnscfg')
      .description('Make a target in the directory that leads here, beside that of the listing'),
    async (session, [target]) => {
      const [made] = await session.withService(async (client) => {
        await client.call('migration.lead', { target });
        const { targets } = await client.call('migration.preview', {});
        return targets.filter(({ name }) => name === target);
      });
      session.print(made, () => `Changes for "${target}" come here, too`);
    },
  );

  onRun<[string]>(
    terminal,
    migrate
      .command('export')
      .argument('<folder>', 'made where it is missing')
      .description('Write the kept export back, with what was changed here since'),
    async (session, [folder]) => {
      const files = await session.withReader(async (client) => {
        const { files: names } = await client.call('migration.preview', {});
        return await Promise.all(names.map((name) => exportFile(client, name)));
      });
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      for (const [name, text] of files) writeFileSync(join(folder, name), text, { mode: 0o600 });
      session.print(
        { folder, files: files.map(([name]) => name) },
        () => `Wrote ${files.length} files to ${folder}`,
      );
    },
  );
}

async function exportFile(client: CarillonClient, name: string): Promise<readonly [string, string]> {
  const { content } = await client.call('migration.export', { name });
  return [name, gunzipSync(Buffer.from(content, 'base64')).toString('utf8')];
}

/** A message has a bound; schemas, which make exports long, pack to a tenth. */
function pack(bytes: Uint8Array, name: string): string {
  const content = gzipSync(bytes).toString('base64');
  if (content.length <= longestMessage) return content;
  throw new AppError('invalid_input', `${name} is too long to send, even packed`, {
    fix: 'Export the agents one by one.',
  });
}

/** Name and path of a file, or of each XML or text file in a folder. */
function filesOf(given: string): readonly (readonly [string, string])[] {
  try {
    if (!statSync(given).isDirectory()) return [[basename(given), given]];
    return readdirSync(given)
      .filter((name) => /\.(?:xml|txt)$/i.test(name))
      .map((name) => [name, join(given, name)]);
  } catch (cause) {
    throw new AppError('not_found', `${given} cannot be read`, { cause });
  }
}

/** What is no file, or longer than any export, is not even read. */
function readExport(path: string): Buffer {
  const about = statSync(path);
  if (!about.isFile() || about.size > longestFile)
    throw new AppError('invalid_input', `${path} is no file of at most ${longestFile} bytes`);
  return readFileSync(path);
}

function readKinds(given: readonly string[], agents: MigrationPreview['agents']): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.lastIndexOf('=');
      const [agent] = find(agents, [text.slice(0, at)]);
      const kind = text.slice(at + 1);
      if (at < 1 || agent === undefined || !agent.choices.includes(kind))
        throw new AppError('invalid_input', `"${text}" names no kind that the agent can become`, {
          fix: `Write <agent>=<kind> with one of ${agent?.choices.join(', ') || 'none: it is kept only'}.`,
        });
      return [agent.id, kind];
    }),
  );
}

interface ImportOptions {
  readonly kind?: string[];
  readonly definitions: boolean;
  readonly mappings?: boolean;
  readonly options?: boolean;
}

function find(agents: MigrationPreview['agents'], given: readonly string[]): MigrationPreview['agents'] {
  return given.map((wanted) => {
    const found = agents.find(
      ({ id, name }) => id === wanted.toLowerCase() || name.toLowerCase() === wanted.toLowerCase(),
    );
    if (found !== undefined) return found;
    throw new AppError('not_found', `The export has no agent "${wanted}"`);
  });
}

const stateWords: Readonly<Record<MigrationPreview['targets'][number]['state'], string>> = {
  missing: 'not there',
  'leads elsewhere': 'there, and leads elsewhere',
  'leads here': 'there, and leads to this server',
  unknown: 'not read, since no agent of that domain answers',
};

/** For a shell: a name may have blanks. */
function quote(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
}

function formatPreview({ agents, definitions, mappings, targets, notes }: MigrationPreview): string {
  const list = (own: MigrationPreview['notes']) =>
    formatTable(
      [
        { title: 'verdict', value: ({ verdict }) => verdict },
        { title: 'setting', value: ({ setting }) => setting },
        { title: 'detail', value: ({ detail }) => detail },
      ],
      own,
    );
  return [
    ...agents.map(
      ({ name, category, kind, exists, notes: own }) =>
        `${name} (${category}): ${kind ?? 'kept only'}${exists ? ', replaces the one that is there' : ''}\n${list(own)}\n`,
    ),
    ...definitions.map(
      ({ kind, name, exists, problem }) =>
        `${kind} ${name}: ${problem ?? (exists ? 'is there already and stays' : 'comes over, disabled')}`,
    ),
    ...(mappings === 0
      ? []
      : [`${mappings} ${mappings === 1 ? 'mapping comes' : 'mappings come'} over with --mappings`]),
    ...targets.map(({ name, server, spn, state, command }) =>
      [
        `target ${name}: ${server}, ${spn}; in the directory: ${stateWords[state]}`,
        ...(command === undefined ? [] : [`  carillon migrate lead ${quote(name)}, or: ${command}`]),
      ].join('\n'),
    ),
    `Server\n${list(notes)}`,
  ].join('\n');
}
