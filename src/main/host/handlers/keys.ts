import type { KeysStatus, keysContract } from '#shared/contract/keys.ts';
import type { KeyKeeperChoice } from '#shared/model/configuration.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** What only a running service can do with keys. */
export interface KeyControl {
  rotate(): Promise<{ readonly version: number; readonly resealed: number }>;
  move(choice: KeyKeeperChoice): Promise<{ readonly keeper: string; readonly place: string }>;
  backUp(file: string, passphrase: SecretBytes): Promise<void>;
}

export function createKeyHandlers(
  status: () => KeysStatus,
  control: () => KeyControl,
  changed: () => void,
): Handlers<typeof keysContract> {
  return {
    'keys.status': () => status(),
    'keys.rotate': async () => {
      const { version, resealed } = await control().rotate();
      changed();
      return { version, resealed };
    },
    'keys.move': async ({ keeper }) => {
      const moved = await control().move(keeper);
      changed();
      return moved;
    },
    'keys.backup': async ({ file, passphrase }) => {
      await control().backUp(file, passphrase);
      changed();
      return { file };
    },
  };
}
