import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { Mapping } from '../ports.ts';
import { isSsoError, SsoError } from '../sso-error.ts';
import { mappingsAround } from './adapter-mappings.ts';
import { filterFor } from './application-filter.ts';
import { findOutwardObstacle } from './direction-rules.ts';
import { findWindowsConflicts } from './find-conflicts.ts';
import type { NotificationDesk } from './notification-desk.ts';
import type { SyncPorts } from './ports.ts';
import type { ChangeAudit } from './sync-audit.ts';

/** A Windows password that has to reach the accounts it is mapped to. */
export interface WindowsPassword {
  readonly trackingId: string;
  readonly account: string;
  readonly changedAt: number;
}

/** Where one mapping of the account leads. */
interface Destination {
  readonly mapping: Mapping;
  readonly application: SsoApplication;
  /** Undefined for Direct Password Sync. */
  readonly adapter: SsoAdapter | undefined;
}

/** An account that has this password already: the external one that it came from. */
export interface Origin {
  readonly adapter: string;
  readonly externalUser: string;
}

/** Takes a Windows password to every external account that it is mapped to. */
export class WindowsFanOut {
  readonly #ports: SyncPorts;
  readonly #desk: NotificationDesk;

  constructor(ports: SyncPorts, desk: NotificationDesk) {
    this.#ports = ports;
    this.#desk = desk;
  }

  async send(
    change: WindowsPassword,
    password: SecretBytes,
    audit: ChangeAudit,
    origin?: Origin,
  ): Promise<void> {
    const mappings = await this.#ports.database.listMappings({ windowsAccount: change.account });
    if (mappings.length === 0) {
      await audit.done(11030, `${change.account} has no mappings, so the change is dropped`);
      return;
    }
    const destinations: Destination[] = [];
    for (const mapping of mappings) {
      const found = await this.#findDestination(mapping, change, password, audit, origin);
      if (found !== undefined) destinations.push(found);
    }
    for (const destination of await this.#withoutConflicts(change.account, destinations, audit)) {
      const { adapter, mapping } = destination;
      if (adapter === undefined) await this.#writeDirectly(destination, change, password, audit);
      else if (adapter.name !== origin?.adapter || mapping.externalUser !== origin.externalUser)
        await this.#queue({ ...destination, adapter }, change, password, audit);
    }
  }

  async #findDestination(
    mapping: Mapping,
    change: WindowsPassword,
    password: SecretBytes,
    audit: ChangeAudit,
    origin: Origin | undefined,
  ): Promise<Destination | undefined> {
    const { database, settings } = this.#ports;
    const application = await database.applications.find(mapping.application);
    if (application === undefined) return undefined;
    const at = { application: application.name, externalUser: mapping.externalUser };
    const pass = async (event: number, message: string): Promise<undefined> => {
      await audit.done(event, `${change.account} in ${application.name}: ${message}`, at);
    };
    if (!(await this.#isStillUser(mapping, application, audit))) return undefined;
    if (!mapping.enabled) return pass(11032, 'the mapping is disabled');
    if (!application.enabled) return pass(11033, 'the application is disabled');
    if (application.type === 'host-group')
      return pass(11034, 'a Host Group application takes no part in password synchronization');
    const adapter =
      application.adapter === undefined ? undefined : await database.adapters.find(application.adapter);
    const isOrigin = adapter?.name === origin?.adapter && mapping.externalUser === origin?.externalUser;
    if (adapter?.changeWindowsPassword === true && !isOrigin)
      await this.#keepWindowsPassword(mapping, application, change, password, audit);
    if (adapter === undefined) {
      if (application.directPasswordSync) return { mapping, application, adapter };
      return pass(11035, 'it has neither an adapter nor Direct Password Sync');
    }
    const obstacle = findOutwardObstacle(settings().system, adapter);
    if (obstacle !== undefined) return pass(obstacle.event, obstacle.message);
    return { mapping, application, adapter };
  }

  /** Whether the directory still counts the account among the application's users; a mapping of one who left goes. */
  async #isStillUser(mapping: Mapping, application: SsoApplication, audit: ChangeAudit): Promise<boolean> {
    const { database, directory } = this.#ports;
    const { windowsAccount } = mapping;
    const at = { application: application.name, externalUser: mapping.externalUser };
    let group: string | undefined;
    try {
      if ((await directory.find(windowsAccount)) === undefined) {
        // Nobody the directory knows: a domain that is not connected must not cost mappings.
        await audit.failed(11018, `The directory does not know ${windowsAccount}`, at);
        return false;
      }
      group = await directory.firstOf(windowsAccount, application.users);
    } catch (error) {
      await audit.failed(
        11018,
        `Nobody can say whether ${windowsAccount} is a user of ${application.name}`,
        at,
      );
      // Whoever sent the change sends it again: a directory that is away must not cost a password.
      throw error;
    }
    if (group !== undefined) return true;
    await audit.done(11031, `${windowsAccount} is no user of ${application.name} any more`, at);
    try {
      await database.deleteMappings([mapping.id]);
      await audit.failed(11017, `${windowsAccount} left ${application.name}: its mapping was deleted`, at);
    } catch {
      await audit.failed(
        11019,
        `${windowsAccount} left ${application.name}: its mapping could not be deleted`,
        at,
      );
    }
    return false;
  }

  /** Full synchronization back will have to show the old password. */
  async #keepWindowsPassword(
    mapping: Mapping,
    application: SsoApplication,
    { account, changedAt }: WindowsPassword,
    password: SecretBytes,
    audit: ChangeAudit,
  ): Promise<void> {
    const at = { application: application.name, externalUser: mapping.externalUser };
    try {
      await this.#ports.credentials.writePassword(application, mapping, 'windows', password, changedAt);
      await audit.done(10732, `The Windows password of ${account} was stored for ${application.name}`, at);
    } catch (error) {
      if (!(error instanceof SsoError)) throw error;
      const event = isSsoError(error, 10813) ? 10813 : 10733;
      await audit.failed(event, `The Windows password of ${account} was not stored: ${error.message}`, at);
    }
  }

  async #withoutConflicts(
    account: string,
    destinations: readonly Destination[],
    audit: ChangeAudit,
  ): Promise<readonly Destination[]> {
    const kept: Destination[] = [];
    const verdicts = new Map<string, boolean>();
    for (const destination of destinations) {
      const { adapter } = destination;
      if (adapter !== undefined && !verdicts.has(adapter.name))
        verdicts.set(adapter.name, await this.#mayGo(account, adapter, audit));
      if (adapter === undefined || verdicts.get(adapter.name) === true) kept.push(destination);
    }
    return kept;
  }

  async #mayGo(account: string, adapter: SsoAdapter, audit: ChangeAudit): Promise<boolean> {
    const mappings = await mappingsAround(adapter, { windowsAccount: account }, this.#ports.database);
    for (const { allowed, refused, message } of findWindowsConflicts(account, mappings)) {
      const at = { adapter: adapter.name };
      if (!adapter.allowMappingConflicts) {
        await audit.failed(refused, `${message}. The change does not go to "${adapter.name}"`, at);
        return false;
      }
      await audit.done(allowed, `${message}. The adapter "${adapter.name}" allows it`, at);
    }
    return true;
  }

  async #queue(
    { mapping, application, adapter }: Destination & { readonly adapter: SsoAdapter },
    change: WindowsPassword,
    password: SecretBytes,
    audit: ChangeAudit,
  ): Promise<void> {
    const at = { application: application.name, adapter: adapter.name, externalUser: mapping.externalUser };
    const stored = await this.#ports.credentials.find(mapping, 'external');
    if (stored !== undefined && stored.stored.changedAt > change.changedAt) {
      await audit.failed(10816, `${application.name} has a newer password of ${mapping.externalUser}`, at);
      return;
    }
    try {
      using filtered = await filterFor(application, password, this.#ports);
      const notification = {
        trackingId: change.trackingId,
        adapter: adapter.name,
        application: application.name,
        windowsAccount: mapping.windowsAccount,
        externalUser: mapping.externalUser,
        changedAt: change.changedAt,
      };
      await this.#desk.queue(notification, filtered, audit);
    } catch (error) {
      if (!(error instanceof SsoError)) throw error;
      await audit.failed(error.event, error.message, at);
    }
  }

  async #writeDirectly(
    { mapping, application }: Destination,
    { changedAt }: WindowsPassword,
    password: SecretBytes,
    audit: ChangeAudit,
  ): Promise<void> {
    const { credentials } = this.#ports;
    const at = { application: application.name, externalUser: mapping.externalUser };
    try {
      using filtered = await filterFor(application, password, this.#ports);
      const { blanked, isUnreadable } = await credentials.writePassword(
        application,
        mapping,
        'external',
        filtered,
        changedAt,
      );
      if (isUnreadable)
        await audit.failed(
          11056,
          `What was stored of ${mapping.externalUser} did not open and is replaced`,
          at,
        );
      if (blanked > 0)
        await audit.failed(11057, `${blanked} other fields of ${mapping.externalUser} are empty now`, at);
      await audit.done(
        11058,
        `The password of ${mapping.externalUser} in ${application.name} was stored`,
        at,
      );
    } catch (error) {
      if (!(error instanceof SsoError)) throw error;
      await audit.failed(
        11055,
        `The password of ${mapping.externalUser} in ${application.name} was not stored: ${error.message}`,
        at,
      );
    }
  }
}
