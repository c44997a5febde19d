import type { SsoPasswordFilter } from '#shared/model/sso-password-filter.ts';

import type { Access } from './access.ts';
import type { Applications } from './applications.ts';
import type { SsoCaller } from './caller.ts';
import { findSynchronizedField } from './check-application.ts';
import type { SsoPorts } from './ports.ts';
import { requireUnchanged } from './require-unchanged.ts';
import { SsoError } from './sso-error.ts';

export interface PasswordFiltersParts {
  readonly ports: SsoPorts;
  readonly access: Access;
  readonly applications: Applications;
  readonly forget: (application: string) => void;
}

/** Password filters by name, and which application has which. SSO Administrators own them. */
export class PasswordFilters {
  readonly #parts: PasswordFiltersParts;

  constructor(parts: PasswordFiltersParts) {
    this.#parts = parts;
  }

  async list(caller: SsoCaller): Promise<readonly SsoPasswordFilter[]> {
    await this.#parts.access.requireAffiliateAdministrator(caller, 'Reading password filters');
    return await this.#parts.ports.database.filters.list();
  }

  /**
   * Makes a filter, or puts it in place of the one of that name. `seen` is what the caller read before, null where it
   * means a new one; refused where that is no longer so.
   */
  async save(caller: SsoCaller, filter: SsoPasswordFilter, seen?: SsoPasswordFilter | null): Promise<void> {
    const { access, ports } = this.#parts;
    await access.requireSsoAdministrator(caller, 'Changing a password filter');
    const { filters } = ports.database;
    const before = seen === undefined ? undefined : await filters.find(filter.name);
    if (seen === null && before !== undefined)
      throw new SsoError(10752, 'conflict', `The password filter ${before.name} exists already`);
    if (seen) requireUnchanged(filter.name, { ...before }, { ...seen });
    if (!(await filters.update([filter])) && !(await filters.insert([filter])))
      throw new SsoError(10752, 'conflict', `The password filter ${filter.name} was made meanwhile`);
    await this.#note(caller, `The password filter ${filter.name} was saved`);
  }

  async delete(caller: SsoCaller, name: string): Promise<void> {
    const { access, ports } = this.#parts;
    await access.requireSsoAdministrator(caller, 'Deleting a password filter');
    const filter = await this.#require(name);
    const users = await this.applicationsOf(filter.name);
    if (users.length > 0)
      throw new SsoError(
        10806,
        'conflict',
        `The password filter ${filter.name} is assigned to ${users.join(', ')}`,
        {
          fix: 'Assign another filter, or none, to them first.',
        },
      );
    await ports.database.filters.delete(filter.name);
    await this.#note(caller, `The password filter ${filter.name} was deleted`);
  }

  /** Gives an application a filter; none where `name` is absent. */
  async assign(caller: SsoCaller, applicationName: string, name: string | undefined): Promise<void> {
    const { access, applications, forget, ports } = this.#parts;
    const { passwordFilter: _, ...application } = await applications.require(applicationName);
    await access.requireAffiliateAdministrator(caller, `Assigning a password filter to ${application.name}`);
    if (name !== undefined && findSynchronizedField(application) === undefined)
      throw new SsoError(
        10818,
        'conflict',
        `${application.name} has no field that a password filter could change`,
      );
    const filter = name === undefined ? undefined : await this.#require(name);
    await ports.database.applications.update([
      filter === undefined ? application : { ...application, passwordFilter: filter.name },
    ]);
    forget(application.name);
    await this.#note(
      caller,
      `${application.name} has the password filter ${filter?.name ?? 'none'}`,
      application.name,
    );
  }

  async applicationsOf(name: string): Promise<readonly string[]> {
    const all = await this.#parts.ports.database.applications.list();
    return all
      .filter(({ passwordFilter }) => passwordFilter?.toLowerCase() === name.toLowerCase())
      .map((application) => application.name);
  }

  async #require(name: string): Promise<SsoPasswordFilter> {
    const filter = await this.#parts.ports.database.filters.find(name);
    if (filter === undefined) throw new SsoError(10756, 'not_found', `No password filter "${name}"`);
    return filter;
  }

  async #note(caller: SsoCaller, message: string, application?: string): Promise<void> {
    const { access, ports } = this.#parts;
    const by = access.accountOf(caller) ?? caller.name;
    await ports.audit.record({
      event: 10535,
      message: `${message} by ${by}`,
      caller: by,
      application,
      level: 1,
      table: 'administration',
    });
  }
}
