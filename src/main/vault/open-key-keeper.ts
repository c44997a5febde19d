import { join } from 'node:path';

import type { KeyKeeperChoice } from '#shared/model/configuration.ts';

import { KeyFileKeeper } from './key-file-keeper.ts';
import type { KeyKeeper } from './key-keeper.ts';
import { KeychainKeeper } from './keychain-keeper.ts';
import { PassphraseKeeper } from './passphrase-keeper.ts';

/** The keeper that the configuration names; a key file lies in the data directory unless it says otherwise. */
export function openKeyKeeper(choice: KeyKeeperChoice, dataDirectory: string): KeyKeeper {
  switch (choice.kind) {
    case 'key-file':
      return new KeyFileKeeper(choice.path ?? join(dataDirectory, 'vault.key'));
    case 'passphrase':
      return new PassphraseKeeper(choice.path);
    case 'keychain':
      return new KeychainKeeper();
  }
}
