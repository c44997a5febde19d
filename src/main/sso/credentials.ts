import type { SsoApplication } from '#shared/model/sso-application.ts';
import { packFields, unpackFields, wipeFields } from '#shared/secret/credential-fields.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { findSynchronizedField } from './check-application.ts';
import type { CredentialKind, CredentialPlace, Mapping, SsoPorts, StoredCredential } from './ports.ts';
import { SsoError } from './sso-error.ts';

/** Writes that may come in between before one is given up. */
const attempts = 8;
const newer = { external: 10816, windows: 10813 } as const;

/** What tells a row from its successor, so that a cache need not hold secrets. */
export interface SealedCredential {
  readonly place: CredentialPlace;
  readonly stored: StoredCredential;
}

export interface StoredPassword {
  readonly password: SecretBytes;
  /** When it was changed at its origin, milliseconds since 1970 UTC. */
  readonly changedAt: number;
}

export interface PasswordWritten {
  /** Fields beside the synchronized one that had no value yet and are empty now. */
  readonly blanked: number;
  /** What was stored before did not open, and is gone with this write. */
  readonly isUnreadable: boolean;
}

/**
 * The sealed credentials of mappings, without a word about who may. A write that is older than what is stored is
 * refused, whatever way it came: 10816 for external credentials, 10813 for a Windows password.
 */
export class Credentials {
  readonly #ports: Pick<SsoPorts, 'database' | 'seal'>;

  constructor(ports: Pick<SsoPorts, 'database' | 'seal'>) {
    this.#ports = ports;
  }

  async has(mapping: Mapping, kind: CredentialKind): Promise<boolean> {
    return (await this.#ports.database.readCredential(mapping.id, kind)) !== undefined;
  }

  /** The row as it lies in the database; undefined where nothing was set. */
  async find(mapping: Mapping, kind: CredentialKind): Promise<SealedCredential | undefined> {
    const stored = await this.#ports.database.readCredential(mapping.id, kind);
    if (stored === undefined) return undefined;
    return { place: placeOf(mapping, kind, stored.version), stored };
  }

  /** The values of every field behind the external user ID, or the one Windows password. The caller wipes them. */
  open({ place, stored }: SealedCredential): SecretBytes[] {
    using packed = this.#ports.seal.open(stored.sealed, place);
    return unpackFields(packed);
  }

  /** The password that synchronization keeps; undefined where none is stored. The caller wipes it. */
  async readPassword(
    application: SsoApplication,
    mapping: Mapping,
    kind: CredentialKind,
  ): Promise<StoredPassword | undefined> {
    const found = await this.find(mapping, kind);
    if (found === undefined) return undefined;
    const fields = this.open(found);
    const index = kind === 'windows' ? 0 : requireSynchronizedField(application) - 1;
    try {
      const password = fields[index];
      if (password === undefined || password.length === 0) return undefined;
      return { password: SecretBytes.copy(password.bytes), changedAt: found.stored.changedAt };
    } finally {
      wipeFields(fields);
    }
  }

  /** Writes every credential field anew. Copies what it is given. */
  async writeFields(
    application: SsoApplication,
    mapping: Mapping,
    fields: readonly SecretBytes[],
    changedAt: number,
  ): Promise<void> {
    if (fields.length !== application.fields.length - 1)
      throw new SsoError(
        10595,
        'invalid_input',
        `${application.name} has ${application.fields.length - 1} credential fields, ${fields.length} were given`,
      );
    await this.#write(mapping, 'external', changedAt, () => packFields(fields));
  }

  /** Writes the one password that synchronization keeps, and leaves the other fields. Copies what it is given. */
  async writePassword(
    application: SsoApplication,
    mapping: Mapping,
    kind: CredentialKind,
    password: SecretBytes,
    changedAt: number,
  ): Promise<PasswordWritten> {
    if (kind === 'windows') {
      const isUnreadable = await this.#write(mapping, kind, changedAt, () => packFields([password]));
      return { blanked: 0, isUnreadable };
    }
    const index = requireSynchronizedField(application) - 1;
    let blanked = 0;
    const isUnreadable = await this.#write(mapping, kind, changedAt, (before) => {
      const count = application.fields.length - 1;
      const fields = Array.from({ length: count }, (_, at) =>
        at === index ? SecretBytes.copy(password.bytes) : (before[at] ?? SecretBytes.allocate(0)),
      );
      blanked = before.length === 0 ? count - 1 : 0;
      try {
        return packFields(fields);
      } finally {
        wipeFields(fields);
      }
    });
    return { blanked, isUnreadable };
  }

  async delete(mapping: Mapping, kind: CredentialKind): Promise<boolean> {
    return await this.#ports.database.deleteCredential(mapping.id, kind);
  }

  /** Whether what was there before did not open. */
  async #write(
    mapping: Mapping,
    kind: CredentialKind,
    changedAt: number,
    pack: (before: SecretBytes[]) => SecretBytes,
  ): Promise<boolean> {
    const { database, seal } = this.#ports;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const before = await this.find(mapping, kind);
      if (before !== undefined && before.stored.changedAt > changedAt)
        throw new SsoError(
          newer[kind],
          'conflict',
          `${mapping.application} has a newer password of ${kind === 'external' ? mapping.externalUser : mapping.windowsAccount}`,
        );
      const place = placeOf(mapping, kind, (before?.stored.version ?? 0) + 1);
      const opened = before === undefined ? [] : this.#tryOpen(before);
      const old = opened ?? [];
      try {
        using packed = pack(old);
        const sealed = seal.seal(packed, place);
        if (await database.writeCredential(mapping.id, kind, { sealed, version: place.version, changedAt }))
          return opened === undefined;
      } finally {
        wipeFields(old);
      }
    }
    throw new SsoError(
      10737,
      'unavailable',
      `The credentials of mapping ${mapping.id} are written by others all the time`,
    );
  }

  /** What no longer opens is no reason to refuse a new password. */
  #tryOpen(sealed: SealedCredential): SecretBytes[] | undefined {
    try {
      return this.open(sealed);
    } catch {
      return undefined;
    }
  }
}

/** The field that synchronization writes, counted from the external user ID as 0. Throws `SsoError` 10818. */
export function requireSynchronizedField(application: SsoApplication): number {
  const index = findSynchronizedField(application);
  if (index !== undefined) return index;
  throw new SsoError(
    10818,
    'conflict',
    `${application.name} has no field that is synchronized, or more than one`,
  );
}

function placeOf(mapping: Mapping, kind: CredentialKind, version: number): CredentialPlace {
  return { application: mapping.application, mapping: mapping.id, kind, version };
}
