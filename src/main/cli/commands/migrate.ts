import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Command } from 'commander';

import type { MigrationPreview } from '#shared/contract/migration.ts';
import { AppError } from '#shared/model/app-error.ts';

import { onRun } from '../on-run.ts';
import { formatTable } from '../output/table.ts';
import type { CarillonClient } from '../session.ts';
import type { Terminal } from '../terminal.ts';

/** The way over from Identity Manager: MIIS 2003, ILM 2007, FIM 2010 and MIM 2016. */
export function addMigrateCommand(program: Command, terminal: Terminal): void {
  const migrate = program
    .command('migrate')
    .description('Bring an Identity Manager server over, and write it back');

  onRun<[string]>(
    terminal,
    migrate
      .command('read')
      .argument('<folder>', 'what Export Server Configuration wrote: MV.xml and MA-{GUID}.xml')
      .description(
        'Keep an export as it came, and say what of each agent would come over; changes nothing else',
      ),
    async (session, [folder]) => {
      const preview = await session.withService(async (client) => {
        await client.call('migration.forget', {});
        for (const name of filesOf(folder))
          await client.call('migration.upload', {
            name,
            content: readFileSync(join(folder, name)).toString('base64'),
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

  onRun<[string[]]>(
    terminal,
    migrate
      .command('import')
      .argument('[agents...]', 'names or ids; every agent that can come over where absent')
      .description('Make the agents, in shadow mode: they write no password before "carillon agents live"'),
    async (session, [given]) => {
      const done = await session.withService(async (client) => {
        const { agents } = await client.call('migration.preview', {});
        const chosen =
          given.length === 0 ? agents.filter(({ kind }) => kind !== undefined) : find(agents, given);
        if (chosen.length === 0)
          throw new AppError('not_found', 'The export has no agent that could come over', {
            fix: 'Look at "carillon migrate report".',
          });
        const { revision } = await client.call('configuration.get', {});
        const applied = await client.call('migration.import', {
          agents: chosen.map(({ id }) => id),
          revision,
        });
        return { ...applied, passwords: chosen.filter((one) => one.needsPassword).map(({ name }) => name) };
      });
      session.print(done, ({ revision, agents, passwords }) =>
        [
          `In force: revision ${revision}; in shadow mode: ${agents.join(', ')}`,
          ...passwords.map((name) => `Set its password: carillon agents set-password '${name}'`),
        ].join('\n'),
      );
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
  const { text } = await client.call('migration.export', { name });
  return [name, text];
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.toLowerCase().endsWith('.xml'));
  } catch (cause) {
    throw new AppError('not_found', `The folder ${folder} cannot be read`, { cause });
  }
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

function formatPreview({ agents, notes }: MigrationPreview): string {
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
    `Server\n${list(notes)}`,
  ].join('\n');
}
