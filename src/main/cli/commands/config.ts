import { join } from 'node:path';

import type { Command } from 'commander';

import type { Mistake, ValueChange } from '#shared/contract/configuration.ts';
import { AppError } from '#shared/model/app-error.ts';

import { onRun } from '../on-run.ts';
import { formatMistakes } from '../output/mistake-text.ts';
import type { Terminal } from '../terminal.ts';
import { readText } from '../text-file.ts';

export function addConfigCommand(program: Command, terminal: Terminal): void {
  const config = program.command('config').description('The configuration file: check, show, apply');

  onRun<[string | undefined]>(
    terminal,
    config
      .command('check')
      .argument('[file]', "the data directory's carillon.json where absent")
      .description('Name each mistake of a file with its place, the allowed values and the fix'),
    async (session, [given]) => {
      const { checkConfiguration } = await import('#host/configuration/check-configuration.ts');
      const file = given ?? join(session.dataDirectory, 'carillon.json');
      const { configuration, mistakes } = checkConfiguration(readText(file));
      const ok = configuration !== undefined;
      session.print({ ok, file, mistakes }, () =>
        mistakes.length === 0
          ? `${file}: ${terminal.paint('green', 'no mistakes')}`
          : formatMistakes(file, mistakes, terminal.paint),
      );
      if (!ok) throw new AppError('invalid_configuration', countWords(mistakes));
    },
  );

  onRun(
    terminal,
    config.command('show').description('Show the configuration in force, with every default'),
    async (session) => {
      const running = await session.withReader((client) => client.call('configuration.get', {}));
      session.print(running, ({ configuration }) => JSON.stringify(configuration, null, 2));
    },
  );

  onRun<[string | undefined], { revision?: string }>(
    terminal,
    config
      .command('apply')
      .argument('[file]', "read the data directory's own file again where absent")
      .option('--revision <hash>', 'refuse where the configuration in force is another one')
      .description('Put a configuration in force; one with a mistake is refused and nothing changes'),
    async (session, [given], { revision }) => {
      const applied = await session.withService(async (client) => {
        const running = await client.call('configuration.get', {});
        const text = readText(given ?? running.file);
        const { ok, mistakes } = await client.call('configuration.check', { text });
        if (!ok) {
          if (session.json) session.print({ revision: running.revision, mistakes }, String);
          else session.note(formatMistakes(given ?? running.file, mistakes, terminal.paint));
          throw new AppError('invalid_configuration', `${countWords(mistakes)}; nothing was changed`);
        }
        if (given === undefined) return await client.call('configuration.reload', {});
        return await client.call('configuration.apply', { text, revision: revision ?? running.revision });
      });
      session.print(applied, () =>
        [
          ...(applied.mistakes.length === 0
            ? []
            : [formatMistakes(given ?? 'carillon.json', applied.mistakes, terminal.paint)]),
          `In force: revision ${applied.revision}`,
        ].join('\n'),
      );
    },
  );

  onRun<[string, string]>(
    terminal,
    config
      .command('set')
      .argument('<path>', 'for example passwordSync.enabled or agents[0].password.retryCount')
      .argument('<value>', 'a JSON value; what is no JSON counts as text')
      .description('Change one value; the rest of the file stays as it is written'),
    async (session, [path, value]) => {
      const applied = await session.withService(async (client) => {
        const { revision } = await client.call('configuration.get', {});
        const changes = [{ path: parsePath(path), value: readValue(value) }];
        return await client.call('configuration.set', { changes, revision });
      });
      session.print(applied, () => `In force: revision ${applied.revision}`);
    },
  );

  onRun(
    terminal,
    config.command('schema').description('Print the JSON Schema of the file, for editors'),
    async (session) => {
      const { configurationJsonSchema } = await import('#host/configuration/allowed-values.ts');
      session.print(configurationJsonSchema, (schema) => JSON.stringify(schema, null, 2));
    },
  );
}

/** `agents[0].name` as `agents`, 0, `name`. */
function parsePath(path: string): (string | number)[] {
  if (!/^[A-Za-z]\w*(?:\.[A-Za-z]\w*|\[\d+\])*$/.test(path))
    throw new AppError('invalid_input', `"${path}" is no path`, {
      fix: 'Write it like agents[0].password.retryCount.',
    });
  return (path.match(/[A-Za-z]\w*|\d+(?=\])/g) ?? []).map((key) => (/^\d/.test(key) ? Number(key) : key));
}

function readValue(text: string): ValueChange['value'] {
  try {
    return JSON.parse(text) as ValueChange['value'];
  } catch {
    return text;
  }
}

function countWords(mistakes: readonly Mistake[]): string {
  const count = mistakes.filter(({ severity }) => severity === 'error').length;
  return `${count} ${count === 1 ? 'mistake' : 'mistakes'}`;
}
