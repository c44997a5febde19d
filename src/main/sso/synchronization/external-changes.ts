import type { SsoAdapter } from '#shared/model/sso-adapter.ts';

import { SsoError } from '../sso-error.ts';
import { mappingsAround } from './adapter-mappings.ts';
import { type Damping, externalPlace } from './damping.ts';
import { findInwardObstacle, isFullSync } from './direction-rules.ts';
import type { ExternalChange, ExternalOutcome, ExternalSecrets } from './external-change.ts';
import { changeDatabase, type MappedAccount } from './external-to-database.ts';
import { changeWindows } from './external-to-windows.ts';
import { findExternalConflicts } from './find-conflicts.ts';
import type { NotificationDesk } from './notification-desk.ts';
import type { SyncPorts } from './ports.ts';
import { proveOldPassword } from './prove-old-password.ts';
import { SerialKeys } from './serial-keys.ts';
import { ChangeAudit } from './sync-audit.ts';
import type { WindowsFanOut } from './windows-fan-out.ts';

const hour = 3_600_000;

export interface ExternalChangesParts {
  readonly ports: SyncPorts;
  readonly damping: Damping;
  readonly desk: NotificationDesk;
  readonly fanOut: WindowsFanOut;
}

/**
 * External to Windows: a change that an adapter reports reaches the credential database (partial), and Active
 * Directory and the account's other external accounts too (full). The changes of one account are taken one after
 * another.
 */
export class ExternalChanges {
  readonly #parts: ExternalChangesParts;
  readonly #serial = new SerialKeys();

  constructor(parts: ExternalChangesParts) {
    this.#parts = parts;
  }

  /**
   * Resolves with what became of it; the secrets stay the caller's. Throws `AppError` `unavailable` where it has to be
   * reported again.
   */
  async receive(
    adapter: SsoAdapter,
    change: ExternalChange,
    secrets: ExternalSecrets,
  ): Promise<ExternalOutcome> {
    const { ports } = this.#parts;
    const { trackingId, externalUser, caller } = change;
    const audit = new ChangeAudit(ports, { trackingId, adapter: adapter.name, externalUser, caller });
    const key = externalPlace(adapter.name, externalUser);
    try {
      return await this.#serial.run(key, () => this.#receive(adapter, change, secrets, audit));
    } catch (error) {
      // The rules speak for themselves in events; whatever else goes wrong is for the caller to try again.
      if (!(error instanceof SsoError) || error.code === 'unavailable') throw error;
      // What the log calls 10676 is 10820 to the adapter.
      await audit.failed(error.event === 10820 ? 10676 : error.event, error.message);
      return { accepted: false, event: error.event, message: error.message };
    }
  }

  async #receive(
    adapter: SsoAdapter,
    change: ExternalChange,
    secrets: ExternalSecrets,
    audit: ChangeAudit,
  ): Promise<ExternalOutcome> {
    const { password } = secrets;
    const { ports, damping, desk, fanOut } = this.#parts;
    const { externalUser, trackingId } = change;
    const system = ports.settings().system;
    const from = change.isReplayed === true ? 'a replay file' : 'the adapter';
    const received = change.isReplayed === true ? 10699 : 10663;
    await audit.done(received, `A password change of ${externalUser} came from ${from} "${adapter.name}"`);
    const now = ports.clock.now();
    await audit.stamped(change.changedAt === 0 ? now : change.changedAt, now);
    if (!system.enabled) throw new SsoError(10754, 'forbidden', 'Single sign-on is disabled');
    const obstacle = findInwardObstacle(system, adapter);
    if (obstacle !== undefined)
      throw new SsoError(obstacle.event, 'forbidden', obstacle.message, { fix: obstacle.fix });
    if (password.length === 0)
      throw new SsoError(11071, 'invalid_input', `The new password of ${externalUser} is empty`);
    const changedAt = this.#timeOf(change);
    const place = externalPlace(adapter.name, externalUser);
    const repeated = await damping.find(place, password);
    if (repeated !== undefined) {
      const event = repeated.origin === 'performed' ? 10713 : 10666;
      const message = `The password of ${externalUser} is the one that ${repeated.origin === 'performed' ? 'this server set' : 'came before'}`;
      await audit.done(event, `${message}, so the change is dropped`);
      return { accepted: true, event, message };
    }
    const accounts = await this.#findAccounts(adapter, externalUser, audit);
    const ready = await proveOldPassword(adapter, externalUser, accounts, secrets, ports);
    await this.#requireNoConflict(adapter, externalUser, audit);
    const failures = await changeDatabase(ready, password, changedAt, audit, ports);
    await desk.dropOlder(adapter.name, externalUser, changedAt, audit);
    if (isFullSync(system, adapter)) {
      const context = { adapter, trackingId, externalUser, changedAt, ports, damping, fanOut, audit };
      await changeWindows(ready, password, failures, context);
    }
    // Only now: a change that has to be reported again is no repetition. And only where something took it: a change
    // that was refused as older must not stand for the newest one.
    if (failures < ready.length) damping.remember(place, password, 'received');
    if (failures > 0)
      return {
        accepted: false,
        event: 10737,
        message: `${failures} mappings of ${externalUser} were not updated`,
      };
    return { accepted: true, event: 10736, message: `The password of ${externalUser} was stored` };
  }

  #timeOf({ changedAt, externalUser }: ExternalChange): number {
    const { clock, settings } = this.#parts.ports;
    const now = clock.now();
    // A clock that is ahead must not outrank every change to come.
    const time = changedAt === 0 ? now : Math.min(changedAt, now);
    if (now - time <= (settings().server?.passwordSyncAge ?? 24) * hour) return time;
    throw new SsoError(
      10803,
      'invalid_input',
      `The change of ${externalUser} is older than the password sync age`,
    );
  }

  /** The mappings of the account that may take part. Throws `SsoError` where there are none. */
  async #findAccounts(
    adapter: SsoAdapter,
    externalUser: string,
    audit: ChangeAudit,
  ): Promise<readonly MappedAccount[]> {
    const { database, directory } = this.#parts.ports;
    const around = await mappingsAround(adapter, { externalUser }, database);
    const own = around.filter((mapping) => mapping.externalUser === externalUser);
    if (own.length === 0)
      throw new SsoError(
        10805,
        'not_found',
        `${externalUser} has no mapping on the adapter "${adapter.name}"`,
        {
          fix: `Map it in an application of "${adapter.name}".`,
        },
      );
    const accounts: MappedAccount[] = [];
    let refusal: SsoError | undefined;
    for (const mapping of own) {
      const application = await database.applications.find(mapping.application);
      if (application === undefined) continue;
      const at = { application: application.name, windowsAccount: mapping.windowsAccount };
      const { windowsAccount } = mapping;
      const pass = async (event: number, message: string): Promise<void> => {
        refusal = new SsoError(event, 'forbidden', message);
        await audit.failed(event, message, at);
      };
      if (!application.enabled) await pass(10735, `The application "${application.name}" is disabled`);
      else if (!mapping.enabled)
        await pass(10679, `The mapping of ${windowsAccount} to ${externalUser} is disabled`);
      else if (
        application.type !== 'host-group' &&
        (await directory.firstOf(windowsAccount, application.users)) === undefined
      )
        await pass(11037, `${windowsAccount} is no user of ${application.name} any more`);
      else accounts.push({ application, mapping });
    }
    if (accounts.length === 0 && refusal !== undefined) throw refusal;
    return accounts;
  }

  async #requireNoConflict(adapter: SsoAdapter, externalUser: string, audit: ChangeAudit): Promise<void> {
    const around = await mappingsAround(adapter, { externalUser }, this.#parts.ports.database);
    for (const { allowed, refused, message } of findExternalConflicts(externalUser, around)) {
      if (!adapter.allowMappingConflicts)
        throw new SsoError(refused, 'conflict', message, {
          fix: `Remove one of the mappings, or allow mapping conflicts on "${adapter.name}".`,
        });
      await audit.done(allowed, `${message}. The adapter "${adapter.name}" allows it`);
    }
  }
}
