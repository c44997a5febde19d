import { AppError } from '#shared/model/app-error.ts';
import { PasswordFailure, type PasswordFailureWord } from '#shared/model/password-failure.ts';
import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { SsoError } from '../sso-error.ts';
import { type Damping, windowsPlace } from './damping.ts';
import type { MappedAccount } from './external-to-database.ts';
import type { SyncPorts } from './ports.ts';
import type { ChangeAudit } from './sync-audit.ts';
import type { WindowsFanOut } from './windows-fan-out.ts';

export interface FullSyncContext {
  readonly adapter: SsoAdapter;
  readonly trackingId: string;
  readonly externalUser: string;
  readonly changedAt: number;
  readonly ports: SyncPorts;
  readonly damping: Damping;
  readonly fanOut: WindowsFanOut;
  readonly audit: ChangeAudit;
}

/** What passes by itself: the change is to be reported again. */
const passing = new Set<PasswordFailureWord>(['server-down', 'server-busy', 'timeout']);

/** Changes the Windows password of every account that the external one is mapped to: full synchronization. */
export async function changeWindows(
  accounts: readonly MappedAccount[],
  password: SecretBytes,
  failures: number,
  context: FullSyncContext,
): Promise<void> {
  const { audit, externalUser } = context;
  const byAccount = new Map<string, MappedAccount[]>();
  for (const account of accounts) {
    const key = account.mapping.windowsAccount.toLowerCase();
    byAccount.set(key, [...(byAccount.get(key) ?? []), account]);
  }
  for (const mapped of byAccount.values()) {
    const windowsAccount = mapped[0]?.mapping.windowsAccount ?? '';
    if (failures > 0)
      await audit.failed(
        10681,
        `The Windows password of ${windowsAccount} stays: an account of ${externalUser} was not updated`,
        { windowsAccount },
      );
    else await changeOne(windowsAccount, mapped, password, context);
  }
}

async function changeOne(
  windowsAccount: string,
  mapped: readonly MappedAccount[],
  password: SecretBytes,
  context: FullSyncContext,
): Promise<void> {
  const { adapter, trackingId, externalUser, changedAt, ports, damping, fanOut, audit } = context;
  const at = { windowsAccount };
  using old = await findOldPassword(mapped, context);
  if (old === undefined) {
    await audit.failed(
      10668,
      `No Windows password of ${windowsAccount} is stored, so it cannot be changed: set its credentials in the applications of "${adapter.name}"`,
      at,
    );
    return;
  }
  // Before the change: its echo may come back sooner than the answer.
  const takeBack = damping.remember(windowsPlace(windowsAccount), password, 'performed');
  await damping.known();
  try {
    await ports.windows.change(windowsAccount, old, password);
  } catch (error) {
    if (!(error instanceof PasswordFailure)) {
      takeBack();
      throw error;
    }
    if (error.certainty !== 'unknown') takeBack();
    await audit.failed(
      10669,
      `The Windows password of ${windowsAccount} was not changed: ${error.message}`,
      at,
    );
    if (passing.has(error.word))
      throw new AppError(
        'unavailable',
        `Active Directory did not change ${windowsAccount}: ${error.message}`,
        {
          cause: error,
        },
      );
    if (error.word === 'bad-password') await forgetOldPassword(windowsAccount, mapped, context);
    return;
  }
  await audit.done(10670, `The Windows password of ${windowsAccount} was changed`, at);
  await keepNewPassword(windowsAccount, mapped, password, context);
  const origin = { adapter: adapter.name, externalUser };
  await fanOut.send({ trackingId, account: windowsAccount, changedAt }, password, audit, origin);
}

/** Any mapping of the Windows account on this adapter may hold it. */
async function findOldPassword(
  mapped: readonly MappedAccount[],
  { ports }: FullSyncContext,
): Promise<SecretBytes | undefined> {
  for (const { application, mapping } of mapped) {
    const found = await ports.credentials.readPassword(application, mapping, 'windows');
    if (found !== undefined) return found.password;
  }
  return undefined;
}

async function keepNewPassword(
  windowsAccount: string,
  mapped: readonly MappedAccount[],
  password: SecretBytes,
  { ports, audit, changedAt }: FullSyncContext,
): Promise<void> {
  for (const { application, mapping } of mapped) {
    const at = { windowsAccount, application: application.name };
    try {
      await ports.credentials.writePassword(application, mapping, 'windows', password, changedAt);
      await audit.done(10738, `The Windows password of ${windowsAccount} was stored`, at);
    } catch (error) {
      if (!(error instanceof SsoError)) throw error;
      await audit.failed(
        10739,
        `The Windows password of ${windowsAccount} was not stored: ${error.message}`,
        at,
      );
    }
  }
}

/** A wrong password that is tried again and again locks the account. */
async function forgetOldPassword(
  windowsAccount: string,
  mapped: readonly MappedAccount[],
  { ports, audit }: FullSyncContext,
): Promise<void> {
  for (const { mapping } of mapped) await ports.credentials.delete(mapping, 'windows');
  await audit.failed(
    11023,
    `The stored Windows password of ${windowsAccount} is wrong and was removed, lest it lock the account`,
    { windowsAccount },
  );
}
