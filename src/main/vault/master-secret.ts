import type { SealContext } from '#engine/seal.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import type { CredentialPlace, CredentialSeal } from '#sso/ports.ts';
import { SsoError } from '#sso/sso-error.ts';

import type { KeyKeeper } from './key-keeper.ts';
import { KeyRing, type LoadedKey } from './key-ring.ts';
import type { KeyRecord, KeyStore } from './key-store.ts';
import { type MasterSecretBackup, openMasterSecretBackup } from './master-secret-backup.ts';
import type { ResealProgress, ResealResult } from './reseal.ts';
import { reseal } from './reseal.ts';
import { SealedBox } from './sealed-box.ts';
import type { SealedRows } from './sealed-rows.ts';

const ticketContext: SealContext = { trackingId: 'sso ticket', account: '', target: '', sequence: 0 };

export interface MasterSecretParts {
  readonly store: KeyStore;
  /** Key of the vault that wraps the master secret where it lies. Called anew each time; its result is wiped. */
  readonly vaultKey: () => SecretBytes;
  readonly now: () => number;
  /** Why nothing can be sealed at present, where another server keeps the master secret and is away. */
  readonly obstacle?: () => string | undefined;
}

export interface MasterSecretStatus {
  /** Number of the current one; undefined where none was ever generated or restored. */
  readonly current: number | undefined;
  readonly createdAt: number | undefined;
  /** Earlier ones that are kept to open what they sealed. */
  readonly previous: readonly number[];
  readonly backedUpAt: number | undefined;
}

/** The master secret: the keys that seal credentials, current and previous, wrapped by the vault where they lie. */
export class MasterSecret implements CredentialSeal {
  readonly #parts: MasterSecretParts;
  #opened: { readonly ring: KeyRing; readonly box: SealedBox } | undefined;

  private constructor(parts: MasterSecretParts) {
    this.#parts = parts;
  }

  /** Opens what is there; none is made by itself. */
  static async open(parts: MasterSecretParts): Promise<MasterSecret> {
    const secret = new MasterSecret(parts);
    if (parts.store.readLock() !== undefined) await secret.#openRing();
    return secret;
  }

  get status(): MasterSecretStatus {
    if (this.#opened === undefined)
      return { current: undefined, createdAt: undefined, previous: [], backedUpAt: undefined };
    const { current, backedUpAt, keys } = this.#opened.ring.status;
    return {
      current,
      createdAt: keys.find(({ version }) => version === current)?.createdAt,
      previous: keys.filter(({ state }) => state === 'retired').map(({ version }) => version),
      backedUpAt,
    };
  }

  /** Makes a new secret the current one; resolves with its number. What earlier ones sealed still opens. */
  async generate(): Promise<number> {
    if (this.#opened !== undefined) return await this.#opened.ring.rotate();
    await this.#openRing();
    return this.#require().ring.current;
  }

  /** Hands the secrets, wrapped by `key`, to `write`, and notes that they are backed up. */
  backUp(key: SecretBytes, write: (keys: readonly KeyRecord[]) => Promise<void>): Promise<void> {
    return this.#require().ring.exportUnder(key, write);
  }

  /** Puts the secrets of a backup in place of those that are here. */
  async restore(backup: MasterSecretBackup, password: SecretBytes): Promise<void> {
    const keys = await openMasterSecretBackup(backup, password);
    try {
      await this.adopt(keys);
    } finally {
      for (const { key } of keys) key.wipe();
    }
  }

  /** Copies of every secret that is here, root and previous ones with them; the caller wipes them. */
  copyKeys(): readonly LoadedKey[] {
    return this.#require().ring.copyKeys();
  }

  /** Takes the place of what is here: what another server keeps, or what a backup held. Copies what it is given. */
  async adopt(keys: readonly LoadedKey[]): Promise<void> {
    await KeyRing.install({ store: this.#parts.store, keeper: this.#keeper() }, keys, this.#parts.now());
    const before = this.#opened;
    // Only then: look-ups go on meanwhile.
    await this.#openRing();
    before?.box.close();
    before?.ring.close();
  }

  /** Seals anew what an earlier secret sealed, page by page beside running work, until `signal` ends it. */
  reencrypt(
    rows: readonly SealedRows[],
    report: (progress: ResealProgress) => void,
    signal: AbortSignal,
  ): Promise<ResealResult> {
    const { ring, box } = this.#require();
    return reseal(rows, box, ring.current, report, signal);
  }

  /** Destroys previous secrets but the newest, where nothing is sealed with them any more. */
  async forgetAllBut(needed: ReadonlySet<number>): Promise<void> {
    const { ring } = this.#require();
    for (const version of this.status.previous.toSorted((left, right) => right - left).slice(1))
      if (!needed.has(version)) await ring.destroy(version);
  }

  /** Numbers under which these keys are the very ones that are here; all of them where there are none. */
  holdsSame(keys: readonly LoadedKey[]): ReadonlySet<number> {
    const ring = this.#opened?.ring;
    if (ring === undefined) return new Set(keys.map(({ version }) => version));
    const same = keys.filter(({ version, key }) => {
      const own = ring.openingKey(version);
      return own !== undefined && Buffer.compare(own.bytes, key.bytes) === 0;
    });
    return new Set(same.map(({ version }) => version));
  }

  seal(secret: SecretBytes, place: CredentialPlace): Uint8Array<ArrayBuffer> {
    return this.sealUnder(secret, credentialContextOf(place));
  }

  open(sealed: Uint8Array, place: CredentialPlace): SecretBytes {
    return this.#open(
      sealed,
      credentialContextOf(place),
      `The credentials of mapping ${place.mapping}`,
      10778,
    );
  }

  /** Seals what travels to another server through the shared database. */
  sealUnder(secret: SecretBytes, context: SealContext): Uint8Array<ArrayBuffer> {
    const { box } = this.#require();
    const obstacle = this.#parts.obstacle?.();
    if (obstacle === undefined) return box.seal(secret, context);
    throw new SsoError(10532, 'unavailable', obstacle);
  }

  openUnder(sealed: Uint8Array, context: SealContext): SecretBytes {
    return this.#require().box.open(sealed, context);
  }

  sealTicket(content: SecretBytes): Uint8Array<ArrayBuffer> {
    return this.sealUnder(content, ticketContext);
  }

  openTicket(sealed: Uint8Array): SecretBytes {
    return this.#open(sealed, ticketContext, 'The ticket', 10592);
  }

  digest(secret: SecretBytes): Uint8Array<ArrayBuffer> {
    return this.#require().box.digest(secret);
  }

  close(): void {
    this.#opened?.box.close();
    this.#opened?.ring.close();
    this.#opened = undefined;
  }

  #open(sealed: Uint8Array, context: SealContext, what: string, event: number): SecretBytes {
    const { box } = this.#require();
    try {
      return box.open(sealed, context);
    } catch (cause) {
      if (!(cause instanceof AppError)) throw cause;
      throw new SsoError(event, 'damaged', `${what} do not open with the master secret of this server`, {
        cause,
        fix: 'Restore the master secret that sealed them: ssoconfig -restoresecret.',
      });
    }
  }

  #require(): { readonly ring: KeyRing; readonly box: SealedBox } {
    if (this.#opened !== undefined) return this.#opened;
    throw new SsoError(10783, 'unavailable', 'This server has no master secret', {
      fix: 'Generate it, ssoconfig -generatesecret, or restore it from its backup.',
    });
  }

  async #openRing(): Promise<void> {
    const { store, now } = this.#parts;
    const ring = await KeyRing.open({ store, keeper: this.#keeper(), now });
    this.#opened = { ring, box: new SealedBox(ring) };
  }

  #keeper(): KeyKeeper {
    const { vaultKey } = this.#parts;
    return {
      kind: 'vault',
      place: 'the vault of this server',
      create: async () => ({ key: vaultKey(), note: new Uint8Array(0) }),
      read: async () => vaultKey(),
    };
  }
}

/** What the seal of a credential covers, in the words of the vault. */
export function credentialContextOf({ application, mapping, kind, version }: CredentialPlace): SealContext {
  return { trackingId: `sso ${kind}`, account: `mapping ${mapping}`, target: application, sequence: version };
}
