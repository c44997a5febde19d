import { existsSync } from 'node:fs';

import { AppError } from '#shared/model/app-error.ts';
import { messageOf } from '#shared/model/message-of.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import type { SsoCaller } from '#sso/caller.ts';
import type { Sso } from '#sso/create-sso.ts';
import { SsoError } from '#sso/sso-error.ts';
import type { MasterSecret } from '#vault/master-secret.ts';
import {
  checkBackupPassword,
  openMasterSecretBackup,
  readMasterSecretBackup,
  writeMasterSecretBackup,
} from '#vault/master-secret-backup.ts';
import { sealedVersion } from '#vault/sealed-box.ts';
import type { SealedRows } from '#vault/sealed-rows.ts';

import type { ReEncryption } from './re-encryption.ts';

export interface SecretDeskParts {
  readonly sso: Sso;
  readonly secret: MasterSecret;
  readonly rows: readonly SealedRows[];
  readonly reEncryption: ReEncryption;
  /** Whether what this server knows of the master secret is on its disk: decided when it starts. */
  readonly keepsSecret: boolean;
  readonly changed: () => void;
}

export interface BackupVerdict {
  /** Numbers of the secrets in the backup. */
  readonly secrets: readonly number[];
  /** Whether the current secret is among them. */
  readonly hasCurrent: boolean;
  /** Credentials that would not open after restoring it. */
  readonly lost: number;
}

/** What SSO Administrators do with the master secret. */
export class SecretDesk {
  readonly #parts: SecretDeskParts;

  constructor(parts: SecretDeskParts) {
    this.#parts = parts;
  }

  /** Makes a new secret, backs it up at once, and seals everything with it in the background. */
  async generate(caller: SsoCaller, file: string, password: SecretBytes, reminder: string): Promise<number> {
    const { secret, reEncryption } = this.#parts;
    await this.#require(caller, 'Generating the master secret');
    await this.#requireSecretServer(caller);
    checkBackupPassword(password, reminder);
    reEncryption.requireIdle();
    const version = await this.#told([10525, 10526], caller, 'generated', async () => {
      // Before it is made: a secret that could not be backed up would be the only key of new credentials.
      if (existsSync(file)) throw new AppError('conflict', `The file ${file} exists already`);
      return await secret.generate();
    });
    await this.#writeBackup(caller, file, password, reminder);
    reEncryption.start();
    this.#parts.changed();
    return version;
  }

  async backUp(caller: SsoCaller, file: string, password: SecretBytes, reminder: string): Promise<void> {
    await this.#require(caller, 'Backing up the master secret');
    await this.#requireSecretServer(caller);
    await this.#writeBackup(caller, file, password, reminder);
    this.#parts.changed();
  }

  /** Puts the secrets of a backup in place of those that are here, and seals everything with its current one. */
  async restore(caller: SsoCaller, file: string, password: SecretBytes): Promise<number> {
    const { secret, sso, reEncryption } = this.#parts;
    await this.#require(caller, 'Restoring the master secret');
    await this.#requireSecretServer(caller);
    reEncryption.requireIdle();
    const backup = await readMasterSecretBackup(file);
    await this.#told([10523, 10524], caller, `restored from ${file}`, () => secret.restore(backup, password));
    sso.forget();
    reEncryption.start();
    this.#parts.changed();
    return secret.status.current ?? 0;
  }

  /** Opens a backup and holds it against what is stored, without changing anything. */
  async test(caller: SsoCaller, file: string, password: SecretBytes): Promise<BackupVerdict> {
    await this.#require(caller, 'Testing a backup of the master secret');
    const keys = await openMasterSecretBackup(await readMasterSecretBackup(file), password);
    const secrets = keys.filter(({ state }) => state !== 'root').map(({ version }) => version);
    const { secret, rows } = this.#parts;
    const same = secret.holdsSame(keys);
    for (const { key } of keys) key.wipe();
    let lost = 0;
    for (const table of rows) lost += await countLost(table, same);
    return { secrets, hasCurrent: same.has(secret.status.current ?? -1), lost };
  }

  async readReminder(caller: SsoCaller, file: string): Promise<string> {
    await this.#require(caller, 'Reading a reminder');
    return (await readMasterSecretBackup(file)).reminder;
  }

  async reencrypt(caller: SsoCaller): Promise<void> {
    await this.#require(caller, 'Re-encryption');
    this.#parts.reEncryption.start();
  }

  async cancelReencrypt(caller: SsoCaller): Promise<boolean> {
    await this.#require(caller, 'Cancelling re-encryption');
    return this.#parts.reEncryption.cancel();
  }

  async #writeBackup(
    caller: SsoCaller,
    file: string,
    password: SecretBytes,
    reminder: string,
  ): Promise<void> {
    const { secret, sso } = this.#parts;
    await this.#told([10559, 10560], caller, `backed up to ${file}`, () =>
      writeMasterSecretBackup(secret, file, password, reminder, sso.ports.clock.now()),
    );
  }

  #require(caller: SsoCaller, what: string): Promise<void> {
    return this.#parts.sso.access.requireSsoAdministrator(caller, what);
  }

  async #requireSecretServer(caller: SsoCaller): Promise<void> {
    const { access, ports } = this.#parts.sso;
    const { system, server, hostName } = ports.settings();
    const named = system.masterSecretServer?.toLowerCase();
    if (named !== undefined && named !== hostName.toLowerCase() && named !== server?.name.toLowerCase()) {
      const message = `The master secret is kept by ${system.masterSecretServer}, not by ${hostName}`;
      await access.refuse(new SsoError(10766, 'conflict', message), caller);
    }
    if (this.#parts.keepsSecret) return;
    // What it took now would be gone with this process.
    const message = `${hostName} keeps the master secret from its next start on`;
    const fix = 'Restart this server, and do it then.';
    await access.refuse(new SsoError(10766, 'conflict', message, { fix }), caller);
  }

  async #told<T>(
    [success, failure]: readonly [number, number],
    caller: SsoCaller,
    what: string,
    work: () => Promise<T>,
  ): Promise<T> {
    const { access, ports } = this.#parts.sso;
    const by = access.accountOf(caller) ?? caller.name;
    const record = (event: number, message: string): Promise<void> =>
      ports.audit.record({ event, message, caller: by, table: 'administration' });
    try {
      const value = await work();
      await record(success, `The master secret was ${what} by ${by}`);
      return value;
    } catch (error) {
      const why = messageOf(error);
      await record(failure, `The master secret was not ${what}: ${why}`);
      throw error;
    }
  }
}

/** Rows that none of these secrets opens. */
async function countLost(table: SealedRows, secrets: ReadonlySet<number>): Promise<number> {
  let lost = 0;
  let after = 0;
  for (;;) {
    const page = await table.page(after, 500);
    const last = page.at(-1);
    if (last === undefined) return lost;
    for (const { sealed } of page) if (!secrets.has(sealedVersion(sealed))) lost += 1;
    after = last.id;
  }
}
