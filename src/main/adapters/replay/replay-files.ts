import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';
import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import type { Synchronization } from '#sso/synchronization/create-synchronization.ts';
import type {
  ExternalChange,
  ExternalOutcome,
  ExternalSecrets,
} from '#sso/synchronization/external-change.ts';
import type { NotificationSeal } from '#sso/synchronization/ports.ts';

import { readText } from './read-text.ts';
import { ReplayError } from './replay-error.ts';
import {
  readHeader,
  readProgress,
  readRecord,
  writeHeader,
  writeProgress,
  writeRecord,
} from './replay-format.ts';

const suffix = '.replay';
/** A file is closed when it is this long, bytes, or nothing came for so long, milliseconds. */
const fullAt = 1024 * 1024;
const idleAfter = 5 * 60_000;
/** How often the database is tried while files wait, milliseconds. */
const retryInterval = 10_000;
const hour = 3_600_000;

interface OpenFile {
  readonly name: string;
  readonly handle: FileHandle;
  records: number;
  size: number;
  cancelIdle: () => void;
}

/**
 * What adapters report while the credential database is away: sealed in files of the server, a record after another,
 * and taken up in order when the database is back.
 */
export class ReplayFiles {
  readonly #directory: string;
  readonly #synchronization: Synchronization;
  /** Of this server itself: the files are written while everything else is away. */
  readonly #seal: NotificationSeal;
  /** By adapter in lower case. */
  readonly #open = new Map<string, Promise<OpenFile>>();
  #working: Promise<unknown> = Promise.resolve();
  #cancelRetry: () => void = () => undefined;
  #stopped = false;

  constructor(directory: string, synchronization: Synchronization, seal: NotificationSeal) {
    this.#directory = directory;
    this.#synchronization = synchronization;
    this.#seal = seal;
  }

  /** Takes up what an earlier run left. */
  async start(): Promise<void> {
    if (!existsSync(this.#directory)) {
      try {
        mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
        await this.#note(10716, `The replay directory ${this.#directory} was made`);
      } catch (error) {
        await this.#tell(10717, `The replay directory cannot be made: ${String(error)}`);
        return;
      }
    }
    await this.replay();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRetry();
    await this.#working.catch(() => undefined);
    for (const key of [...this.#open.keys()]) await this.#close(key);
  }

  /** Keeps a reported change; undefined where the adapter wants none kept, or it could not be. */
  store(
    adapter: SsoAdapter,
    change: ExternalChange,
    secrets: ExternalSecrets,
  ): Promise<ExternalOutcome | undefined> {
    if (!adapter.storeNotifications || this.#stopped) return Promise.resolve(undefined);
    return this.#inTurn(() => this.#store(adapter, change, secrets));
  }

  /** Takes up every file, as far as the database lets it. */
  replay(): Promise<void> {
    return this.#inTurn(async () => {
      if (!(await this.#isDatabaseBack())) return this.#tryLater();
      for (const key of [...this.#open.keys()]) await this.#close(key);
      const names = readdirSync(this.#directory, { withFileTypes: true });
      for (const entry of names)
        if (entry.isDirectory()) await this.#tell(10682, `${entry.name} in the replay directory is a folder`);
      const files = names
        .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
        .map(({ name }) => name);
      for (const name of files.toSorted()) if (!(await this.#replayFile(name))) return this.#tryLater();
    });
  }

  async #isDatabaseBack(): Promise<boolean> {
    try {
      await this.#synchronization.ports.database.adapters.list();
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'unavailable') return false;
      throw error;
    }
  }

  async #store(
    adapter: SsoAdapter,
    { trackingId, externalUser, changedAt }: ExternalChange,
    secrets: ExternalSecrets,
  ): Promise<ExternalOutcome | undefined> {
    const { clock } = this.#synchronization.ports;
    try {
      const file = await this.#fileOf(adapter.name);
      // An adapter that leaves the time to the server means now, not the time at which the database is back.
      const change = { trackingId, externalUser, changedAt: changedAt === 0 ? clock.now() : changedAt };
      const text = writeRecord(file.name, adapter.name, file.records + 1, { change, secrets }, this.#seal);
      await file.handle.appendFile(text);
      await file.handle.sync();
      file.records += 1;
      file.size += text.length;
      file.cancelIdle();
      const key = adapter.name.toLowerCase();
      file.cancelIdle = clock.schedule(idleAfter, () => this.#closeIdle(key));
      if (file.size >= fullAt) await this.#close(key, 10721);
    } catch (error) {
      await this.#tell(10693, `The change of ${externalUser} cannot be kept: ${String(error)}`);
      return undefined;
    }
    const message = `The change of ${externalUser} is kept until the database is back`;
    await this.#tell(10720, message, adapter.name);
    this.#tryLater();
    return { accepted: true, event: 10720, message };
  }

  #fileOf(adapter: string): Promise<OpenFile> {
    const key = adapter.toLowerCase();
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const opening = this.#create(adapter);
    this.#open.set(key, opening);
    opening.catch(() => this.#open.delete(key));
    return opening;
  }

  async #create(adapter: string): Promise<OpenFile> {
    const { clock } = this.#synchronization.ports;
    const createdAt = clock.now();
    // In order of their making.
    const name = `${String(createdAt).padStart(16, '0')}-${randomUUID()}${suffix}`;
    const handle = await open(join(this.#directory, name), 'ax', 0o600);
    await handle.appendFile(writeHeader(name, adapter, createdAt, this.#seal));
    await this.#tell(10719, `${name} keeps changes of "${adapter}"`, adapter);
    return { name, handle, records: 0, size: 0, cancelIdle: () => undefined };
  }

  #closeIdle(key: string): void {
    this.#inTurn(() => this.#close(key, 10722)).catch(this.#synchronization.ports.report);
  }

  async #close(key: string, event?: 10721 | 10722): Promise<void> {
    const file = await this.#open.get(key);
    this.#open.delete(key);
    if (file === undefined) return;
    file.cancelIdle();
    await file.handle.close();
    if (event !== undefined)
      await this.#tell(
        event,
        `${file.name} was closed with ${file.records} records: ${event === 10721 ? 'full' : 'idle'}`,
      );
  }

  /** Whether the file is dealt with; false where the database is away still. */
  async #replayFile(name: string): Promise<boolean> {
    const path = join(this.#directory, name);
    try {
      await this.#takeUp(name);
    } catch (error) {
      if (error instanceof AppError && error.code === 'unavailable') return false;
      if (!(error instanceof ReplayError)) throw error;
      await this.#tell(error.event, error.message);
      await this.#tell(10743, `The replay of ${name} ended before its end`);
      for (const file of [path, `${path}.progress`])
        if (existsSync(file)) renameSync(file, `${file}.damaged`);
      await this.#tell(10741, `${name} was set aside as ${name}.damaged`);
      return true;
    }
    for (const file of [path, `${path}.progress`]) rmSync(file, { force: true });
    await this.#tell(10698, `${name} was deleted`);
    return true;
  }

  async #takeUp(name: string): Promise<void> {
    const { ports, external } = this.#synchronization;
    const { clock, database, settings } = ports;
    const seal = this.#seal;
    const path = join(this.#directory, name);
    this.#requireOwn(name, 10723);
    const [first = '', ...lines] = readText(path, name).split('\n');
    const { adapter: adapterName, createdAt } = readHeader(name, first, seal);
    if (clock.now() - createdAt > (settings().server?.passwordSyncAge ?? 24) * hour) {
      await this.#tell(10683, `${name} is older than the password sync age`, adapterName);
      return;
    }
    // What a crash cut short was never acknowledged.
    const records = lines.slice(0, -1);
    const from = await this.#progressOf(name, records.length);
    const adapter = await database.adapters.find(adapterName);
    await this.#tell(10686, `${name} is taken up from record ${from + 1} on`, adapterName);
    for (const [index, text] of records.entries()) {
      if (index < from) continue;
      const { change, secrets } = readRecord(name, adapterName, index + 1, text, seal);
      try {
        if (adapter?.enabled !== true)
          await this.#tell(
            10692,
            `"${adapterName}" has no access any more: ${change.externalUser}`,
            adapterName,
          );
        else {
          const caller = `replay file ${name}`;
          const outcome = await external.receive(adapter, { ...change, caller, isReplayed: true }, secrets);
          if (!outcome.accepted)
            await this.#tell(10727, `${change.externalUser}: ${outcome.message}`, adapterName);
        }
      } finally {
        secrets.password.wipe();
        secrets.oldPassword?.wipe();
      }
      await writeFile(`${path}.progress`, writeProgress(name, index + 1, seal), { mode: 0o600 });
      await this.#note(10729, `${name} was taken up to record ${index + 1}`);
    }
    await this.#tell(10687, `${name} was taken up to its end`, adapterName);
  }

  async #progressOf(name: string, records: number): Promise<number> {
    const progress = `${name}.progress`;
    if (!existsSync(join(this.#directory, progress))) return 0;
    this.#requireOwn(progress, 10725);
    const text = readText(join(this.#directory, progress), progress);
    const done = readProgress(name, text, this.#seal);
    if (done > records)
      throw new ReplayError(10697, `The progress of ${name} is ${done}, and it has ${records} records`);
    await this.#note(10730, `${name} was taken up to record ${done} before`);
    return done;
  }

  /** Files belong to the account that the folder belongs to, and to nobody else. */
  #requireOwn(name: string, otherOwner: 10723 | 10725): void {
    if (process.platform === 'win32') return;
    const file = statSync(join(this.#directory, name));
    if (file.uid !== statSync(this.#directory).uid)
      throw new ReplayError(otherOwner, `${name} belongs to another account than its folder`);
    if ((file.mode & 0o077) !== 0) throw new ReplayError(10724, `The rights of ${name} were changed`);
  }

  #tryLater(): void {
    this.#cancelRetry();
    if (this.#stopped) return;
    const { clock, report } = this.#synchronization.ports;
    this.#cancelRetry = clock.schedule(retryInterval, () => {
      this.replay().catch(report);
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const own = this.#working.then(work, work);
    this.#working = own.catch(() => undefined);
    return own;
  }

  async #tell(event: number, message: string, adapter?: string): Promise<void> {
    await this.#synchronization.ports.audit.record({ event, message, adapter });
  }

  /** Of interest to whoever looks closely only. */
  async #note(event: number, message: string): Promise<void> {
    await this.#synchronization.ports.audit.record({ event, message, level: 3 });
  }
}
