import type { Clock } from '#engine/clock.ts';
import { AppError } from '#shared/model/app-error.ts';
import { messageOf } from '#shared/model/message-of.ts';
import type { SsoServer } from '#shared/model/single-sign-on.ts';
import type { AuditSink } from '#sso/ports.ts';
import type { SharedDatabase } from '#store/shared/shared-database.ts';
import { SharedSystemTable, type SystemRecord, sharedChannel } from '#store/shared/shared-system-table.ts';

import type { ConfigurationFile } from '../../configuration/configuration-file.ts';
import { findOwnServer } from '../sso-settings.ts';
import { PurgeBundle } from './purge-bundle.ts';
import { type HeardServer, type ServerReport, serverReportSchema } from './server-report.ts';
import {
  isSameSettings,
  mergeSettings,
  parseSettings,
  type SharedSettings,
  sharedSettingsOf,
} from './shared-settings.ts';
import type { SharedSystemHands } from './shared-system-hands.ts';

/** Tries to write while other servers write too. */
const attempts = 8;

export interface SharedSystemParts {
  readonly database: SharedDatabase;
  readonly file: ConfigurationFile;
  readonly hostName: string;
  readonly clock: Clock;
  readonly audit: AuditSink;
  readonly report: (error: unknown) => void;
}

/**
 * This server's part in a system of several: settings of the system and its servers follow the shared database and
 * reach it, this server says there how it is, and it hears what the others changed. At once where the database
 * announces it, and by the poll in any case.
 */
export class SharedSystem {
  readonly #parts: SharedSystemParts;
  readonly #table: SharedSystemTable;
  #hands: SharedSystemHands | undefined;
  /** What this server and the database last agreed on. */
  #base: SharedSettings | undefined;
  #seen: Pick<SystemRecord, 'definitions' | 'purge'> | undefined;
  #resets: number | undefined;
  #others: readonly HeardServer[] = [];
  #isAdopting = false;
  #failing = false;
  #stopped = false;
  #polling: Promise<void> = Promise.resolve();
  #isPollDue = false;
  #cancelPoll: () => void = () => undefined;
  readonly #purges: PurgeBundle;
  #stopListening: (() => Promise<void>) | undefined;

  constructor(parts: SharedSystemParts) {
    this.#parts = parts;
    this.#table = new SharedSystemTable(parts.database);
    this.#purges = new PurgeBundle(this.#table, parts.clock, parts.report);
  }

  /** Whether a change of the configuration only brings in what another server's administrator was allowed to do. */
  get isAdopting(): boolean {
    return this.#isAdopting;
  }

  /** As heard at the last poll. */
  get others(): readonly HeardServer[] {
    return this.#others;
  }

  /** Brings the settings of this server and of the system together; a database that is away is joined when it is back. */
  async join(): Promise<void> {
    await this.#synchronize().catch((error: unknown) => this.#noteAway(error));
  }

  /** Takes part from now on. */
  async start(hands: SharedSystemHands): Promise<void> {
    this.#hands = hands;
    this.#parts.file.onChange(() => {
      if (!this.#isAdopting) this.pollSoon();
    });
    await this.#pollNow();
  }

  /** Says that this server goes, and hears no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelPoll();
    this.#purges.stop();
    await this.#polling;
    await this.#stopListening?.();
    if (this.#failing || this.#hands === undefined) return;
    await this.#tell({ ...this.#hands.describe(), state: 'down' }).catch(this.#parts.report);
  }

  /** Looks at the database now, and once more where a look is under way. */
  pollSoon(): void {
    if (this.#isPollDue || this.#stopped) return;
    this.#isPollDue = true;
    void this.#pollNow();
  }

  /** Has every server look at once. */
  announce(): void {
    this.#table.announce().catch(this.#parts.report);
  }

  /** Has the other servers forget what they cache of an application. */
  purge(application: string): void {
    this.#purges.add(application);
  }

  async requestReset(name: string): Promise<void> {
    if (await this.#table.requestReset(name)) return;
    throw new AppError('not_found', `"${name}" has not yet said that it is there`, {
      fix: 'Start the service on that computer.',
    });
  }

  #pollNow(): Promise<void> {
    this.#polling = this.#polling.then(() => this.#poll());
    return this.#polling;
  }

  async #poll(): Promise<void> {
    this.#isPollDue = false;
    this.#cancelPoll();
    const hands = this.#hands;
    if (this.#stopped || hands === undefined) return;
    const { clock, database } = this.#parts;
    try {
      await this.#listen(hands);
      await this.#synchronize();
      await this.#exchange(hands);
      await this.#noteBack();
    } catch (error) {
      await this.#noteAway(error);
    }
    hands.polled();
    hands.changed();
    if (this.#stopped) return;
    this.#cancelPoll = clock.schedule(database.settings.pollInterval * 1000, () => this.pollSoon());
  }

  /** Brings the settings of both sides together. */
  async #synchronize(): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const mine = this.#local;
      const record = await this.#table.read();
      const theirs =
        record === undefined ? undefined : parseSettings(record.document, this.#parts.database.place);
      const merged = this.#withOwn(this.#merge(mine, theirs));
      const isNew = theirs === undefined || !isSameSettings(merged, theirs);
      if (isNew && !(await this.#table.write(JSON.stringify(merged), record?.revision ?? 0))) continue;
      // Changed here while the database was asked: merged once more from what both agreed on before.
      if (!isSameSettings(this.#local, mine)) continue;
      this.#base = merged;
      if (!isSameSettings(merged, mine)) this.#adopt(merged);
      if (record !== undefined) await this.#follow(record);
      return;
    }
    throw new AppError('unavailable', 'Other servers change the system all the time');
  }

  get #local(): SharedSettings {
    return sharedSettingsOf(this.#parts.file.configuration.singleSignOn);
  }

  #merge(mine: SharedSettings, theirs: SharedSettings | undefined): SharedSettings {
    if (theirs === undefined) return mine;
    // What was changed here while the service did not run is older than what the system agreed on meanwhile.
    return this.#base === undefined ? theirs : mergeSettings(this.#base, mine, theirs);
  }

  /** A server that joins brings its own entry; the first one keeps the master secret. */
  #withOwn(settings: SharedSettings): SharedSettings {
    const own = this.#findOwn();
    if (own === undefined) return settings;
    const isKnown = settings.servers.some(({ name }) => name.toLowerCase() === own.name.toLowerCase());
    const isRemoved = this.#base !== undefined && !isKnown;
    return {
      system: { ...settings.system, masterSecretServer: settings.system.masterSecretServer ?? own.name },
      servers: isKnown || isRemoved ? settings.servers : [...settings.servers, own],
    };
  }

  #findOwn(): SsoServer | undefined {
    const { servers, serverName = this.#parts.hostName } = this.#parts.file.configuration.singleSignOn;
    return findOwnServer(servers, serverName);
  }

  #adopt(settings: SharedSettings): void {
    const { file } = this.#parts;
    this.#isAdopting = true;
    try {
      const { configuration } = file;
      // The only server of a file is this one whatever its name; among others it has to be said.
      const own = this.#findOwn()?.name;
      const isFound = findOwnServer(settings.servers, this.#parts.hostName)?.name === own;
      const named = own === undefined || isFound ? {} : { serverName: own };
      const singleSignOn = { ...configuration.singleSignOn, ...named, ...settings };
      const target: unknown = JSON.parse(JSON.stringify({ ...configuration, singleSignOn }));
      file.put(target, file.running.revision, { by: 'the shared database', kind: 'change' });
    } finally {
      this.#isAdopting = false;
    }
  }

  async #follow({ definitions, purge }: SystemRecord): Promise<void> {
    const seen = this.#seen;
    const hands = this.#hands;
    if (seen !== undefined && seen.definitions !== definitions) hands?.definitions();
    if (seen !== undefined && seen.purge !== purge) {
      const applications = await this.#table.purgedSince(seen.purge);
      if (applications === undefined) hands?.purge();
      else for (const application of applications) hands?.purge(application);
    }
    this.#seen = { definitions, purge };
  }

  /** Says how this server is, and reads how the others are. */
  async #exchange(hands: SharedSystemHands): Promise<void> {
    const resets = await this.#tell(hands.describe());
    if (resets !== undefined) {
      if (this.#resets !== undefined && resets > this.#resets) hands.resetCounts();
      this.#resets = resets;
    }
    const own = this.#findOwn()?.name.toLowerCase();
    const rows = await this.#table.servers();
    this.#others = rows
      .filter(({ name }) => name.toLowerCase() !== own)
      .flatMap(({ name, seenAt, age, document }) => {
        const parsed = serverReportSchema.safeParse(JSON.parse(document));
        return parsed.success ? [{ name, seenAt, age, report: parsed.data }] : [];
      });
    const kept = this.#parts.file.configuration.singleSignOn.servers.map(({ name }) => name);
    if (rows.some(({ name }) => !kept.some((each) => each.toLowerCase() === name.toLowerCase())))
      await this.#table.forgetServers(kept);
  }

  async #tell(said: Omit<ServerReport, 'pollInterval'>): Promise<number | undefined> {
    const own = this.#findOwn();
    if (own === undefined) return undefined;
    const { pollInterval } = this.#parts.database.settings;
    return await this.#table.report(own.name, JSON.stringify({ ...said, pollInterval }));
  }

  async #listen(hands: SharedSystemHands): Promise<void> {
    if (this.#stopListening !== undefined) return;
    this.#stopListening = await this.#parts.database.listen(
      sharedChannel,
      (payload) => {
        if (payload.startsWith('queue ')) hands.queue(payload.slice('queue '.length));
        else this.pollSoon();
      },
      () => {
        this.#stopListening = undefined;
        this.pollSoon();
      },
    );
    // What was announced before anybody heard.
    hands.queue();
  }

  async #noteAway(error: unknown): Promise<void> {
    if (!(error instanceof AppError)) this.#parts.report(error);
    if (this.#failing) return;
    this.#failing = true;
    const why = messageOf(error);
    await this.#audit(10514, `${this.#name} goes on without the credential database: ${why}`);
  }

  async #noteBack(): Promise<void> {
    if (!this.#failing) return;
    this.#failing = false;
    this.#hands?.back();
    await this.#audit(10591, `${this.#name} reaches ${this.#parts.database.place} again`);
  }

  get #name(): string {
    return this.#findOwn()?.name ?? this.#parts.hostName;
  }

  async #audit(event: number, message: string): Promise<void> {
    await this.#parts.audit.record({ event, message }).catch(this.#parts.report);
  }
}
