import { allowsIdentityManager } from '#shared/model/single-sign-on.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { SsoError } from '../sso-error.ts';
import { type Damping, windowsPlace } from './damping.ts';
import { windowsSyncOff } from './direction-rules.ts';
import type { SyncPorts } from './ports.ts';
import { SerialKeys } from './serial-keys.ts';
import { ChangeAudit } from './sync-audit.ts';
import type { WindowsFanOut } from './windows-fan-out.ts';

const hour = 3_600_000;
/** NT4 form, which is all that this server takes from domain controllers. */
const ntName = /^[^\\/@=,]{1,15}\\[^\\/@=,]+$/;

/** A Windows password change as it reaches this server. */
export interface WindowsChange {
  readonly trackingId: string;
  /** `DOMAIN\name`. */
  readonly account: string;
  /** When it was committed, milliseconds since 1970 UTC. */
  readonly changedAt: number;
  /** A domain controller itself, or the synchronization engine. */
  readonly source: 'pcns' | 'identity-manager';
  /** Who handed it over. */
  readonly caller: string;
}

/**
 * Windows to External: a Windows password change goes to the adapters of the account's applications, or right into
 * the credential database where an application has Direct Password Sync. The changes of one account are taken one
 * after another, so that none overtakes another.
 */
export class WindowsChanges {
  readonly #ports: SyncPorts;
  readonly #damping: Damping;
  readonly #fanOut: WindowsFanOut;
  readonly #serial = new SerialKeys();

  constructor(ports: SyncPorts, damping: Damping, fanOut: WindowsFanOut) {
    this.#ports = ports;
    this.#damping = damping;
    this.#fanOut = fanOut;
  }

  /**
   * Resolves once the change is queued or stored, or there is nothing to do with it. Throws `SsoError` where this
   * server does not take it, and `AppError` `unavailable` where it has to be sent again. The password stays the caller's.
   */
  async receive(change: WindowsChange, password: SecretBytes): Promise<void> {
    await this.#serial.run(change.account.toLowerCase(), () => this.#receive(change, password));
  }

  async #receive(change: WindowsChange, password: SecretBytes): Promise<void> {
    const { trackingId, account, source, caller } = change;
    const audit = new ChangeAudit(this.#ports, { trackingId, windowsAccount: account, caller });
    await this.#requireAllowed(change, audit);
    const received = source === 'pcns' ? 10662 : 11064;
    await audit.done(received, `${account}: a password change came from ${caller}`);
    await audit.stamped(change.changedAt, this.#ports.clock.now());
    if (source === 'pcns' && !ntName.test(account)) {
      const message = `${account} is no name of the form DOMAIN\\name`;
      await audit.failed(10750, message);
      throw new SsoError(10750, 'invalid_input', message);
    }
    if (password.length === 0) {
      await audit.failed(11071, `${account}: the new password is empty, so the change is dropped`);
      return;
    }
    const place = windowsPlace(account);
    const repeated = await this.#damping.find(place, password);
    if (repeated !== undefined) {
      const isEcho = repeated.origin === 'performed';
      const what = isEcho ? 'this server made the change itself' : 'the same change came before';
      await audit.done(isEcho ? 10667 : 10710, `${account}: ${what}, so it is dropped`);
      return;
    }
    if (this.#isTooOld(change.changedAt)) {
      await audit.failed(
        10712,
        `${account}: the change is older than the password sync age, so it is dropped`,
      );
      return;
    }
    // A clock that is ahead must not outrank every change to come.
    const changedAt = Math.min(change.changedAt, this.#ports.clock.now());
    await this.#fanOut.send({ ...change, changedAt }, password, audit);
    // Only now: a change that has to be sent again is no repetition.
    this.#damping.remember(place, password, 'received');
  }

  async #requireAllowed({ source, account }: WindowsChange, audit: ChangeAudit): Promise<void> {
    const { system, server, hostName } = this.#ports.settings();
    const refuse = async (event: number, message: string, fix: string): Promise<never> => {
      await audit.failed(event, message);
      throw new SsoError(event, 'forbidden', message, { fix });
    };
    if (!system.enabled)
      await refuse(10754, 'Single sign-on is disabled', 'Enable it: carillon sso ssomanage -enablesso');
    const name = server?.name ?? hostName;
    if (source === 'pcns' && server?.allowPasswordSyncFromPcns !== true)
      await refuse(
        11069,
        `${name} takes no password changes from domain controllers (${account})`,
        `Select "Allow password sync from PCNS" on the Password Sync tab of ${name}.`,
      );
    if (source === 'identity-manager' && (server === undefined || !allowsIdentityManager(server)))
      await refuse(
        11070,
        `${name} takes no password changes from Identity Manager (${account})`,
        `Select "Allow password sync from FIM" on the Password Sync tab of ${name}.`,
      );
    if (!system.passwordSync.fromWindowsToAdapters)
      await refuse(windowsSyncOff.event, windowsSyncOff.message, windowsSyncOff.fix);
  }

  #isTooOld(changedAt: number): boolean {
    const { server } = this.#ports.settings();
    return this.#ports.clock.now() - changedAt > (server?.passwordSyncAge ?? 24) * hour;
  }
}
