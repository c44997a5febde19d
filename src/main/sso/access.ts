import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';

import { isSameAccount, type SsoCaller } from './caller.ts';
import type { SsoPorts } from './ports.ts';
import { SsoError } from './sso-error.ts';

/** What applications and adapters have in common for their rights. */
type Guarded = Pick<SsoApplication | SsoAdapter, 'name' | 'administrators' | 'administratorsSameAsAffiliate'>;

/**
 * Decides who has which role, by membership through any number of groups. Roles include the ones below them: SSO
 * Administrators, SSO Affiliate Administrators, Application Administrators. Each refusal is audited before it is thrown.
 */
export class Access {
  readonly #ports: Pick<SsoPorts, 'directory' | 'audit' | 'settings'>;

  constructor(ports: Pick<SsoPorts, 'directory' | 'audit' | 'settings'>) {
    this.#ports = ports;
  }

  /** The account that a caller acts as; undefined for a local one on a server without a service account. */
  accountOf(caller: SsoCaller): string | undefined {
    return caller.account ?? (this.#ports.settings().server?.serviceAccount || undefined);
  }

  async isSsoAdministrator(caller: SsoCaller): Promise<boolean> {
    const account = this.accountOf(caller);
    const { administrators } = this.#ports.settings().system;
    // Until an account is named there is nobody to ask about: whoever installs the server sets it up.
    if (caller.account === undefined && (account === undefined || administrators.length === 0)) return true;
    return account !== undefined && (await this.isOneOf(account, administrators));
  }

  async isAffiliateAdministrator(caller: SsoCaller): Promise<boolean> {
    if (await this.isSsoAdministrator(caller)) return true;
    const account = this.accountOf(caller);
    const { affiliateAdministrators } = this.#ports.settings().system;
    return account !== undefined && (await this.isOneOf(account, affiliateAdministrators));
  }

  async isAdministratorOf(caller: SsoCaller, guarded: Guarded): Promise<boolean> {
    if (await this.isAffiliateAdministrator(caller)) return true;
    const account = this.accountOf(caller);
    if (account === undefined || guarded.administratorsSameAsAffiliate) return false;
    return await this.isOneOf(account, guarded.administrators);
  }

  /** The first of an application's users that an account is or belongs to. */
  firstUserOf(account: string, application: Pick<SsoApplication, 'users'>): Promise<string | undefined> {
    return this.#firstOf(account, application.users);
  }

  async requireSsoAdministrator(caller: SsoCaller, what: string): Promise<void> {
    if (await this.isSsoAdministrator(caller)) return;
    await this.#refuse(11009, caller, `${what} needs an SSO Administrator`, {});
  }

  /** The same for password synchronization and its adapters, whose refusals have a number of their own. */
  async requireSyncAdministrator(caller: SsoCaller, what: string): Promise<void> {
    if (await this.isSsoAdministrator(caller)) return;
    await this.#refuse(11024, caller, `${what} needs an SSO Administrator`, {});
  }

  async requireAffiliateAdministrator(caller: SsoCaller, what: string): Promise<void> {
    if (await this.isAffiliateAdministrator(caller)) return;
    await this.#refuse(11010, caller, `${what} needs an SSO Affiliate Administrator`, {});
  }

  async requireAdministratorOf(caller: SsoCaller, guarded: Guarded, what: string): Promise<void> {
    if (await this.isAdministratorOf(caller, guarded)) return;
    const event = guarded.administratorsSameAsAffiliate ? 11012 : 11011;
    const needed = `${what} needs an Application Administrator of ${guarded.name}`;
    await this.#refuse(event, caller, needed, { application: guarded.name });
  }

  /** Resolves with the account that the caller acts as, and the user entry that lets it in. */
  async requireUserOf(
    caller: SsoCaller,
    application: SsoApplication,
    what: string,
  ): Promise<{ readonly account: string; readonly entry: string }> {
    const account = this.accountOf(caller);
    const entry = account === undefined ? undefined : await this.firstUserOf(account, application);
    if (account !== undefined && entry !== undefined) return { account, entry };
    return await this.#refuse(11013, caller, `${what} needs an Application User of ${application.name}`, {
      application: application.name,
    });
  }

  async isOneOf(account: string, accounts: readonly string[]): Promise<boolean> {
    return (await this.#firstOf(account, accounts)) !== undefined;
  }

  /** Audits a refusal and throws it. */
  async refuse(
    error: SsoError,
    caller: SsoCaller,
    named: { readonly application?: string } = {},
  ): Promise<never> {
    await this.#ports.audit.record({
      event: error.event,
      message: `${this.#describe(caller)} was refused: ${error.message}`,
      caller: this.#describe(caller),
      table: 'administration',
      level: 1,
      ...named,
    });
    throw error;
  }

  #refuse(
    event: number,
    caller: SsoCaller,
    needed: string,
    named: { readonly application?: string },
  ): Promise<never> {
    const message = `${needed}, which ${this.#describe(caller)} is not`;
    return this.refuse(new SsoError(event, 'forbidden', message), caller, named);
  }

  async #firstOf(account: string, accounts: readonly string[]): Promise<string | undefined> {
    if (accounts.length === 0) return undefined;
    const [first] = accounts;
    // The account itself needs no directory; a group before it might still come first.
    if (first !== undefined && isSameAccount(account, first)) return first;
    try {
      return await this.#ports.directory.firstOf(account, accounts);
    } catch (cause) {
      throw new SsoError(11014, 'unavailable', `The groups of ${account} cannot be read`, {
        cause,
        fix: 'Check that a domain controller answers, and the account of the Active Directory agent.',
      });
    }
  }

  #describe(caller: SsoCaller): string {
    return this.accountOf(caller) ?? caller.name;
  }
}
