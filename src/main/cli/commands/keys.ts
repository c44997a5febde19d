import { resolve } from 'node:path';

import { Argument, type Command } from 'commander';

import { AppError } from '#shared/model/app-error.ts';
import { type KeyKeeperChoice, keyKeeperSchema } from '#shared/model/configuration.ts';

import { onRun } from '../on-run.ts';
import { formatTable } from '../output/table.ts';
import { formatAge, formatTime } from '../output/time-words.ts';
import { readNewSecret, readSecret } from '../read-secret.ts';
import type { Terminal } from '../terminal.ts';

export function addKeysCommand(program: Command, terminal: Terminal): void {
  const keys = program
    .command('keys')
    .description('The keys that seal passwords at rest: rotate, back up, restore');

  onRun(
    terminal,
    keys.command('status', { isDefault: true }).description('Show the key versions'),
    async (session) => {
      const status = await session.withReader((client) => client.call('keys.status', {}));
      session.print(status, () =>
        [
          `Kept by ${status.keeper}, last backup ${formatAge(status.lastBackupAt) ?? 'never'}`,
          formatTable(
            [
              { title: 'version', value: ({ version }) => version, align: 'right' },
              { title: 'made', value: ({ createdAt }) => createdAt && formatTime(createdAt) },
              {
                title: 'use',
                value: ({ version }) => (version === status.current ? 'seals and opens' : 'opens'),
              },
            ],
            status.versions,
          ),
        ].join('\n'),
      );
    },
  );

  onRun(
    terminal,
    keys.command('rotate').description('Make a new key and seal everything anew with it'),
    async (session) => {
      const rotated = await session.withService((client) => client.call('keys.rotate', {}));
      session.print(
        rotated,
        ({ version, resealed }) => `Version ${version} seals from now on; ${resealed} secrets sealed anew`,
      );
    },
  );

  onRun<[KeyKeeperChoice['kind']], { path?: string }>(
    terminal,
    keys
      .command('move')
      .addArgument(new Argument('<keeper>', 'who keeps it').choices(['key-file', 'keychain', 'passphrase']))
      .option('--path <file>', 'the key file, or the file or named pipe with the passphrase')
      .description('Put the key that locks the vault into another keeping'),
    async (session, [kind], { path }) => {
      const keeper = keyKeeperSchema.safeParse({
        kind,
        ...(path === undefined ? {} : { path: session.servicePath(path) }),
      });
      if (!keeper.success)
        throw new AppError('invalid_input', `"${kind}" ${path === undefined ? 'needs' : 'takes no'} --path`);
      const moved = await session.withService((client) => client.call('keys.move', { keeper: keeper.data }));
      session.print(moved, ({ place }) => `The vault is locked by ${place} from now on; remove the old key`);
    },
  );

  onRun<[string]>(
    terminal,
    keys
      .command('backup')
      .argument('<file>', 'is written anew and readable by its owner alone')
      .description('Write the keys to a file, sealed with a passphrase from standard input or a prompt'),
    async (session, [file]) => {
      using secret = await readNewSecret(terminal, 'Passphrase of the backup, 12 bytes or more');
      const input = { file: session.servicePath(file), passphrase: session.encodeSecret(secret) };
      const saved = await session.withService((client) => client.call('keys.backup', input));
      session.print(saved, () => `Wrote ${saved.file}; keep it and the passphrase apart`);
    },
  );

  onRun<[string]>(
    terminal,
    keys
      .command('restore')
      .argument('<file>', 'written by "carillon keys backup"')
      .description('Put the keys of a backup in place; the service must be stopped'),
    async (session, [file]) => {
      using passphrase = await readSecret(terminal, 'Passphrase of the backup');
      const { restoreKeys } = await import('#host/restore-keys.ts');
      const versions = await restoreKeys(session.dataDirectory, resolve(file), passphrase);
      session.print({ versions }, () => `Restored ${versions.length} key versions: ${versions.join(', ')}`);
    },
  );
}
