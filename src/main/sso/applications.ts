import { z } from 'zod';

import { type SsoApplication, ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { isSameSequence } from '#shared/text/same-sequence.ts';

import type { Access } from './access.ts';
import type { SsoCaller } from './caller.ts';
import { checkAccounts } from './check-accounts.ts';
import {
  administratorOptionsChanged,
  checkApplicationChange,
  checkNewApplication,
  settleApplicationType,
} from './check-application.ts';
import type { AuditEntry, SsoPorts } from './ports.ts';
import { requireUnchanged } from './require-unchanged.ts';
import { SsoError } from './sso-error.ts';

/** What changes of an application's values; what is absent stays. */
export type ApplicationChanges = { readonly [K in keyof SsoApplication]?: SsoApplication[K] | undefined };

export interface ApplicationUpdate {
  readonly name: string;
  readonly changes: ApplicationChanges;
  /** Values that the change was made on; refused where they are others by now. */
  readonly seen?: Readonly<Record<string, unknown>> | undefined;
}

export interface ApplicationsParts {
  readonly ports: SsoPorts;
  readonly access: Access;
  /** Forgets what is cached of an application. */
  readonly forget: (application: string) => void;
}

/** Affiliate applications: who may make, change, switch and delete them, and what one may be. */
export class Applications {
  readonly #ports: SsoPorts;
  readonly #access: Access;
  readonly #forget: (application: string) => void;

  constructor({ ports, access, forget }: ApplicationsParts) {
    this.#ports = ports;
    this.#access = access;
    this.#forget = forget;
  }

  /** Those that the caller administers or may use. */
  async list(caller: SsoCaller): Promise<readonly SsoApplication[]> {
    const all = await this.#ports.database.applications.list();
    if (await this.#access.isAffiliateAdministrator(caller)) return all;
    const visible = await Promise.all(all.map((application) => this.#mayRead(caller, application)));
    return all.filter((_, index) => visible[index]);
  }

  /** Throws `SsoError` 10756 where there is none, 10842 where the caller has nothing to do with it. */
  async get(caller: SsoCaller, name: string): Promise<SsoApplication> {
    const application = await this.require(name);
    if (await this.#mayRead(caller, application)) return application;
    const message = `${application.name} is shown to its administrators and users only`;
    return await this.#access.refuse(new SsoError(10842, 'forbidden', message), caller, {
      application: application.name,
    });
  }

  /** Throws `SsoError` 10756 where there is none. */
  async require(name: string): Promise<SsoApplication> {
    const application = await this.#ports.database.applications.find(name);
    if (application === undefined)
      throw new SsoError(10756, 'not_found', `No affiliate application "${name}"`);
    return application;
  }

  /** Makes all of them or none; each starts disabled, and those named in `enable` are enabled afterwards. */
  async create(
    caller: SsoCaller,
    applications: readonly SsoApplication[],
    enable: readonly string[] = [],
  ): Promise<void> {
    const isEnabled = ({ name }: SsoApplication): boolean => enable.some((each) => isSameName(each, name));
    await this.#access.requireAffiliateAdministrator(caller, 'Creating an application');
    const settled = applications.map(settleApplicationType);
    const seen = new Set<string>();
    for (const application of settled) {
      checkNewApplication(application);
      await this.#requireOptionsRight(caller, defaultsOf(application), application);
      await checkAccounts(this.#ports, this.#access, caller, application);
      if (isEnabled(application)) requireCompleteFields(application);
      if (seen.has(application.name.toLowerCase())) throw exists(application.name);
      seen.add(application.name.toLowerCase());
    }
    for (const { name } of settled)
      if ((await this.#ports.database.applications.find(name)) !== undefined) throw exists(name);
    if (!(await this.#ports.database.applications.insert(settled))) throw exists(settled[0]?.name ?? '');
    for (const { name } of settled)
      await this.#note(caller, 10535, name, `The application ${name} was created`, 1);
    const enabled = settled.filter(isEnabled).map(({ name }) => ({ name, changes: { enabled: true } }));
    if (enabled.length > 0) await this.update(caller, enabled);
  }

  /** Changes all of them or none. */
  async update(caller: SsoCaller, updates: readonly ApplicationUpdate[]): Promise<void> {
    const changed: { before: SsoApplication; after: SsoApplication }[] = [];
    for (const { name, changes, seen } of updates) {
      const before = await this.require(name);
      await this.#access.requireAdministratorOf(caller, before, `Changing ${before.name}`);
      requireUnchanged(before.name, before, seen);
      const after = mergeChanges(before, changes);
      checkApplicationChange(before, after);
      await this.#requireChangeRight(caller, before, after);
      await checkAccounts(this.#ports, this.#access, caller, {
        ...after,
        administrators: added(before.administrators, after.administrators),
        users: added(before.users, after.users),
        windowsAccount: before.windowsAccount === after.windowsAccount ? undefined : after.windowsAccount,
      });
      if (after.enabled && !before.enabled) requireCompleteFields(after);
      changed.push({ before, after });
    }
    if (!(await this.#ports.database.applications.update(changed.map(({ after }) => after))))
      throw new SsoError(10756, 'not_found', 'An application was deleted meanwhile');
    for (const { before, after } of changed) await this.#tell(caller, before, after);
  }

  async setEnabled(caller: SsoCaller, name: string, enabled: boolean): Promise<void> {
    await this.update(caller, [{ name, changes: { enabled } }]);
  }

  /**
   * Deletes all of them or none, with all their mappings and credentials; resolves with how many mappings there were.
   */
  async delete(caller: SsoCaller, names: readonly string[]): Promise<number> {
    await this.#access.requireAffiliateAdministrator(caller, 'Deleting an application');
    const doomed = new Set<string>();
    for (const name of names) {
      const { name: known, adapter } = await this.require(name);
      doomed.add(known);
      if (adapter !== undefined)
        throw new SsoError(
          10806,
          'conflict',
          `The application ${known} is assigned to the adapter ${adapter}`,
          {
            fix: `Take it away from the adapter first: ssops -deleteapp ${known}`,
          },
        );
    }
    let mappings = 0;
    for (const name of doomed) mappings += await this.#delete(caller, name);
    return mappings;
  }

  async #delete(caller: SsoCaller, known: string): Promise<number> {
    const mappings = await this.#ports.database.countMappings(known);
    await this.#ports.database.applications.delete(known);
    this.#forget(known);
    await this.#note(
      caller,
      10535,
      known,
      `The application ${known} was deleted with ${mappings} mappings`,
      1,
      {
        table: 'deleted-applications',
      },
    );
    return mappings;
  }

  /** Forgets the cached credentials of an application. */
  async clearCache(caller: SsoCaller, name: string): Promise<void> {
    const application = await this.require(name);
    await this.#access.requireAdministratorOf(
      caller,
      application,
      `Clearing the cache of ${application.name}`,
    );
    this.#forget(application.name);
    await this.#note(caller, 10535, application.name, `The cache of ${application.name} was cleared`, 2);
  }

  async #mayRead(caller: SsoCaller, application: SsoApplication): Promise<boolean> {
    if (await this.#access.isAdministratorOf(caller, application)) return true;
    const account = this.#access.accountOf(caller);
    return account !== undefined && (await this.#access.firstUserOf(account, application)) !== undefined;
  }

  async #requireChangeRight(caller: SsoCaller, before: SsoApplication, after: SsoApplication): Promise<void> {
    await this.#requireOptionsRight(caller, before, after);
    if (isSameSequence(before.administrators, after.administrators)) return;
    if (await this.#access.isAffiliateAdministrator(caller)) return;
    const message = `An Application Administrator does not change the administrators of ${before.name}`;
    await this.#access.refuse(new SsoError(10569, 'forbidden', message), caller, {
      application: before.name,
    });
  }

  async #requireOptionsRight(
    caller: SsoCaller,
    before: SsoApplication,
    after: SsoApplication,
  ): Promise<void> {
    const options = administratorOptionsChanged(before, after);
    if (options.length === 0 || (await this.#access.isSsoAdministrator(caller))) return;
    const message = `Only an SSO Administrator sets ${options.join(', ')} of ${after.name}`;
    await this.#access.refuse(new SsoError(10566, 'forbidden', message), caller, { application: after.name });
  }

  async #tell(caller: SsoCaller, before: SsoApplication, after: SsoApplication): Promise<void> {
    const { name } = after;
    this.#forget(name);
    const note = (event: number, message: string) => this.#note(caller, event, name, message, 1);
    if (before.enabled !== after.enabled)
      await note(after.enabled ? 10580 : 10581, `${name} was ${after.enabled ? 'enabled' : 'disabled'}`);
    if (!isSameSequence(before.users, after.users))
      await note(10578, `The users of ${name} are ${after.users.join('; ')}`);
    if (!isSameSequence(before.administrators, after.administrators))
      await note(10579, `The administrators of ${name} are ${after.administrators.join('; ')}`);
    if (before.allowTickets !== after.allowTickets)
      await note(
        after.allowTickets ? 10608 : 10609,
        `Tickets are ${after.allowTickets ? '' : 'not '}allowed for ${name}`,
      );
    await note(10535, `The application ${name} was updated`);
  }

  async #note(
    caller: SsoCaller,
    event: number,
    application: string,
    message: string,
    level: 1 | 2 | 3,
    more: Partial<AuditEntry> = {},
  ): Promise<void> {
    const by = this.#access.accountOf(caller) ?? caller.name;
    await this.#ports.audit.record({
      event,
      message: `${message} by ${by}`,
      caller: by,
      application,
      level,
      table: 'administration',
      ...more,
    });
  }
}

function mergeChanges(before: SsoApplication, changes: ApplicationChanges): SsoApplication {
  const { ticketTimeout, ...others } = changes;
  const merged = {
    ...before,
    ...others,
    name: before.name,
    adapter: before.adapter,
    passwordFilter: before.passwordFilter,
  };
  if ('ticketTimeout' in changes) merged.ticketTimeout = ticketTimeout;
  const parsed = ssoApplicationSchema.safeParse(JSON.parse(JSON.stringify(merged)));
  if (parsed.success) return settleApplicationType(parsed.data);
  const event = parsed.error.issues.some(({ path }) => path[0] === 'ticketTimeout') ? 11025 : 10787;
  throw new SsoError(event, 'invalid_input', `Application ${before.name}: ${z.prettifyError(parsed.error)}`);
}

/** The same application with the options that a new one has. */
function defaultsOf(application: SsoApplication): SsoApplication {
  const { name, type } = application;
  const fresh = ssoApplicationSchema.parse({ name, type });
  return settleApplicationType({ ...application, ...pick(fresh) });
}

function pick({ allowTickets, validateTickets, timeoutTickets, allowHostInitiatedSso }: SsoApplication) {
  return { allowTickets, validateTickets, timeoutTickets, allowHostInitiatedSso };
}

function requireCompleteFields({ name, fields }: SsoApplication): void {
  if (fields.length < 2)
    throw new SsoError(10769, 'conflict', `The application ${name} has no credential field`, {
      fix: 'Make it anew with a second field, such as Password.',
    });
}

function isSameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function exists(name: string): SsoError {
  return new SsoError(10752, 'conflict', `The application ${name} exists already`);
}

function added(before: readonly string[], after: readonly string[]): readonly string[] {
  return after.filter((account) => !before.includes(account));
}
