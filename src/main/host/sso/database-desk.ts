import { mkdirSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';
import { messageOf } from '#shared/model/message-of.ts';
import { type SharedDatabaseSettings, sharedDatabaseCredential } from '#shared/model/shared-database.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import type { SsoCaller } from '#sso/caller.ts';
import { copyCredentials } from '#sso/copy-credentials.ts';
import { isSsoError } from '#sso/sso-error.ts';
import { createSharedCredentials } from '#store/shared/create-shared-credentials.ts';
import { SharedCredentialTable } from '#store/shared/shared-credential-table.ts';
import { connectSharedDatabase, type SharedDatabase } from '#store/shared/shared-database.ts';
import { sharedMigrations } from '#store/shared/shared-migrations.ts';
import { requireSharedShape, shapeSharedDatabase } from '#store/shared/shared-schema.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';
import type { SsoService } from './open-sso.ts';

/** Where PostgreSQL is asked for a database that is not there yet. */
const maintenanceDatabase = 'postgres';

export interface DatabaseDeskParts {
  readonly service: SsoService;
  readonly file: ConfigurationFile;
  readonly replayDirectory: string;
  readonly readPassword: () => Promise<SecretBytes | undefined>;
  readonly savePassword: (name: string, password: SecretBytes) => Promise<void>;
}

export interface DatabaseChoice {
  readonly settings: SharedDatabaseSettings;
  /** The one that is stored where absent. */
  readonly password: SecretBytes | undefined;
}

export interface DatabaseFacts {
  readonly shared: SharedDatabaseSettings | undefined;
  readonly isInUse: boolean;
  readonly problem: string | undefined;
  readonly replayDirectory: string;
}

/** What SSO Administrators do with the credential database itself. */
export class DatabaseDesk {
  readonly #parts: DatabaseDeskParts;

  constructor(parts: DatabaseDeskParts) {
    this.#parts = parts;
  }

  async describe(): Promise<DatabaseFacts> {
    const { service, file, replayDirectory } = this.#parts;
    const { sharedDatabase: shared, replayDirectory: chosen } = file.configuration.singleSignOn;
    const used = service.backend.shared?.settings;
    const problem = await service.ports.database.countMappings('').then(() => undefined, messageOf);
    const isInUse = JSON.stringify(used) === JSON.stringify(shared);
    return { shared, isInUse, problem, replayDirectory: chosen ?? replayDirectory };
  }

  /** Makes the tables and takes there what this server's own store keeps. */
  async create(
    caller: SsoCaller,
    choice: DatabaseChoice,
  ): Promise<{ mappings: number; credentials: number }> {
    await this.#require(caller, 'Creating the credential database');
    return await this.#told(caller, `${choice.settings.database} was made`, async () => {
      await this.#makeMissing(choice);
      await using database = await this.#connect(choice);
      await shapeSharedDatabase(database, sharedMigrations, 'create');
      try {
        const copied = await this.#copyTo(database);
        await this.#use(caller, choice);
        return copied;
      } catch (error) {
        // Made a moment ago by this very call.
        await database.run('DROP SCHEMA carillon CASCADE');
        throw error;
      }
    });
  }

  async upgrade(caller: SsoCaller): Promise<readonly string[]> {
    await this.#require(caller, 'Upgrading the credential database');
    const { sharedDatabase: settings } = this.#parts.file.configuration.singleSignOn;
    // The own store is brought up to date at each start.
    if (settings === undefined) return [];
    return await this.#told(caller, `${settings.database} was brought up to date`, async () => {
      await using database = await this.#connect({ settings, password: undefined });
      return await shapeSharedDatabase(database, sharedMigrations, 'upgrade');
    });
  }

  async set(caller: SsoCaller, choice: DatabaseChoice | undefined): Promise<void> {
    await this.#require(caller, 'Choosing the credential database');
    if (choice !== undefined) {
      await using database = await this.#connect(choice);
      await requireSharedShape(database, sharedMigrations);
    }
    await this.#use(caller, choice);
  }

  async setReplayDirectory(caller: SsoCaller, directory: string | undefined): Promise<void> {
    await this.#require(caller, 'Choosing the folder of replay files');
    if (directory !== undefined) requireFolder(directory);
    const { service, file } = this.#parts;
    file.edit(
      ['singleSignOn', 'replayDirectory'],
      directory,
      service.sso.access.accountOf(caller) ?? caller.name,
    );
  }

  #require(caller: SsoCaller, what: string): Promise<void> {
    return this.#parts.service.sso.access.requireSsoAdministrator(caller, what);
  }

  #connect({ settings, password }: DatabaseChoice, database?: string): Promise<SharedDatabase> {
    const read = this.#parts.readPassword;
    return connectSharedDatabase(
      { settings, password: password === undefined ? read : async () => SecretBytes.copy(password.bytes) },
      database,
    );
  }

  /** PostgreSQL makes no database by itself. */
  async #makeMissing(choice: DatabaseChoice): Promise<void> {
    const { database: name } = choice.settings;
    {
      await using database = await this.#connect(choice);
      const isThere = await database.all('SELECT 1').then(
        () => true,
        (error: unknown) => {
          if (isSsoError(error, 10785) && error.message.includes('does not exist')) return false;
          throw error;
        },
      );
      if (isThere) return;
    }
    await using server = await this.#connect(choice, maintenanceDatabase);
    // A name takes no parameter; the schema lets no quote into it.
    await server.run(`CREATE DATABASE "${name}" TEMPLATE template0 ENCODING 'UTF8'`);
  }

  async #copyTo(database: SharedDatabase): Promise<{ mappings: number; credentials: number }> {
    const { backend, secret } = this.#parts.service;
    if (backend.shared !== undefined) return { mappings: 0, credentials: 0 };
    const target = createSharedCredentials(database, new SharedCredentialTable(database));
    return await copyCredentials(backend.credentials, target, secret);
  }

  async #use(caller: SsoCaller, choice: DatabaseChoice | undefined): Promise<void> {
    const { file, service, savePassword } = this.#parts;
    if (choice?.password !== undefined) await savePassword(sharedDatabaseCredential, choice.password);
    const by = service.sso.access.accountOf(caller) ?? caller.name;
    const { servers } = file.configuration.singleSignOn;
    const own = service.ports.settings().server;
    const index = own === undefined ? -1 : servers.indexOf(own);
    const { host = '', database = 'SSODB', tls = false } = choice?.settings ?? {};
    // What the properties of the server show of it.
    const shown = index < 0 ? {} : { sqlServer: host, database, useSsl: tls };
    file.set(
      [
        { path: ['singleSignOn', 'sharedDatabase'], value: choice?.settings },
        ...Object.entries(shown).map(([key, value]) => ({
          path: ['singleSignOn', 'servers', index, key],
          value,
        })),
      ],
      file.running.revision,
      { by, kind: 'change' },
    );
  }

  async #told<T>(caller: SsoCaller, what: string, work: () => Promise<T>): Promise<T> {
    const { audit, sso } = this.#parts.service;
    const by = sso.access.accountOf(caller) ?? caller.name;
    try {
      const value = await work();
      await audit.record({
        event: 10548,
        message: `The credential database ${what} by ${by}`,
        caller: by,
        table: 'administration',
      });
      return value;
    } catch (error) {
      const why = messageOf(error);
      await audit.record({
        event: 10549,
        message: `The credential database was not made: ${why}`,
        caller: by,
      });
      throw error;
    }
  }
}

function requireFolder(directory: string): void {
  if (!isAbsolute(directory))
    throw new AppError('invalid_input', `"${directory}" is not a whole path`, {
      fix: 'Begin it with the root.',
    });
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new AppError('invalid_input', `The folder ${directory} cannot be made`, { cause });
  }
  const { mode } = statSync(directory);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new AppError('invalid_input', `The folder ${directory} is open to other accounts`, {
      fix: `chmod 700 ${directory}`,
    });
}
