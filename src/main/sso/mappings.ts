import type { SsoApplication } from '#shared/model/sso-application.ts';

import type { Access } from './access.ts';
import type { Applications } from './applications.ts';
import { isSameAccount, type SsoCaller } from './caller.ts';
import { isLocalAccount } from './check-accounts.ts';
import { findMappingConflict } from './mapping-conflict.ts';
import type { AuditEntry, Mapping, MappingFilter, NewMapping, SsoPorts } from './ports.ts';
import { SsoError } from './sso-error.ts';

export interface MappingRequest {
  readonly application: string;
  readonly windowsAccount: string;
  readonly externalUser: string;
}

/** One mapping by either of its sides; a Host Group's by its external user. */
export interface MappingReference {
  readonly application: string;
  readonly windowsAccount?: string | undefined;
  readonly externalUser?: string | undefined;
}

export interface MappingsParts {
  readonly ports: SsoPorts;
  readonly access: Access;
  readonly applications: Applications;
  readonly forget: (application: string) => void;
}

/** Mappings: made disabled, unique on both sides, deleted only while disabled. Users have rights on their own alone. */
export class Mappings {
  readonly #parts: MappingsParts;

  constructor(parts: MappingsParts) {
    this.#parts = parts;
  }

  /** What the caller may see: an administrator's whole application, a user's own mappings. */
  async list(caller: SsoCaller, filter: MappingFilter): Promise<readonly Mapping[]> {
    const { access, ports, applications } = this.#parts;
    const own = access.accountOf(caller);
    if (filter.applications === undefined && (await access.isAffiliateAdministrator(caller)))
      return await ports.database.listMappings(filter);
    const known = await Promise.all(
      (filter.applications ?? (await applications.list(caller)).map(({ name }) => name)).map((name) =>
        applications.get(caller, name),
      ),
    );
    const administered = await Promise.all(
      known.map((application) => access.isAdministratorOf(caller, application)),
    );
    const names = (mine: boolean): string[] =>
      known.filter((_, index) => administered[index] === mine).map(({ name }) => name);
    const [all, theirs] = [names(true), names(false)];
    const found = all.length === 0 ? [] : await ports.database.listMappings({ ...filter, applications: all });
    if (theirs.length === 0 || own === undefined) return found;
    if (filter.windowsAccount !== undefined && !isSameAccount(filter.windowsAccount, own)) return found;
    const mine = await ports.database.listMappings({ ...filter, applications: theirs, windowsAccount: own });
    return [...found, ...mine].sort((left, right) => left.id - right.id).slice(0, filter.limit);
  }

  /** Throws `SsoError` 10757 where there is none. */
  async find(reference: MappingReference): Promise<{ application: SsoApplication; mapping: Mapping }> {
    const application = await this.#parts.applications.require(reference.application);
    const { windowsAccount, externalUser } = reference;
    const [mapping] = await this.#parts.ports.database.listMappings({
      applications: [application.name],
      ...(windowsAccount === undefined ? {} : { windowsAccount }),
      ...(externalUser === undefined ? {} : { externalUser }),
      limit: 1,
    });
    if (mapping !== undefined) return { application, mapping };
    const who = windowsAccount ?? externalUser ?? '';
    throw new SsoError(10757, 'not_found', `${application.name} has no mapping of ${who}`);
  }

  /** What `create` would make; throws where it would. */
  async plan(caller: SsoCaller, requests: readonly MappingRequest[]): Promise<readonly NewMapping[]> {
    const planned: NewMapping[] = [];
    for (const request of requests) planned.push(await this.#plan(caller, request));
    // Found by either side: a file may ask for thousands.
    const before = new Map<string, NewMapping>();
    for (const mapping of planned) {
      const application = await this.#parts.applications.require(mapping.application);
      const sides = sidesOf(mapping);
      const others = [
        ...sides.flatMap((side) => before.get(side) ?? []),
        ...(await this.#neighbours(mapping)),
      ];
      const conflict = findMappingConflict(application, mapping, others);
      if (conflict !== undefined) throw conflict;
      for (const side of sides) before.set(side, mapping);
    }
    return planned;
  }

  /** Makes all of them or none; each starts disabled. */
  async create(caller: SsoCaller, requests: readonly MappingRequest[]): Promise<readonly Mapping[]> {
    const { ports } = this.#parts;
    const planned = await this.plan(caller, requests);
    const ids = await ports.database.insertMappings(planned);
    const made = planned.map((mapping, index): Mapping => ({ ...mapping, id: ids[index] ?? 0 }));
    for (const mapping of made) await this.#note(caller, mapping, 'created', 2);
    return made;
  }

  async setEnabled(caller: SsoCaller, reference: MappingReference, enabled: boolean): Promise<void> {
    const { ports } = this.#parts;
    const { application, mapping } = await this.find(reference);
    const administers = await this.#requireRight(caller, application, mapping.windowsAccount, 'Switching');
    if (enabled && mapping.disabledByAdministrator && !administers) {
      const message = `The mapping of ${mapping.windowsAccount} in ${application.name} was disabled by an administrator`;
      await this.#parts.access.refuse(new SsoError(10770, 'forbidden', message), caller, {
        application: application.name,
      });
    }
    const state = { enabled, disabledByAdministrator: !enabled && administers };
    if (!(await ports.database.setMappingState(mapping.id, state))) throw gone(mapping);
    await this.#note(caller, mapping, enabled ? 'enabled' : 'disabled', 2);
  }

  /** What `delete` would delete. Throws `SsoError` 10842 while one is enabled. */
  async requireDeletable(
    caller: SsoCaller,
    references: readonly MappingReference[],
  ): Promise<readonly Mapping[]> {
    const doomed: Mapping[] = [];
    for (const reference of references) {
      const { application, mapping } = await this.find(reference);
      await this.#requireRight(caller, application, mapping.windowsAccount, 'Deleting');
      if (mapping.enabled)
        throw new SsoError(
          10842,
          'conflict',
          `The mapping of ${mapping.windowsAccount} in ${application.name} is enabled`,
          { fix: 'Disable it first.' },
        );
      doomed.push(mapping);
    }
    return doomed;
  }

  /** Throws `SsoError` 10842 while one is enabled. Deletes all of them or none. */
  async delete(caller: SsoCaller, references: readonly MappingReference[]): Promise<number> {
    const { ports } = this.#parts;
    const doomed = await this.requireDeletable(caller, references);
    const count = await ports.database.deleteMappings(doomed.map(({ id }) => id));
    for (const mapping of doomed)
      await this.#note(caller, mapping, 'deleted', 1, { table: 'deleted-mappings' });
    return count;
  }

  /** Whether a mapping's Windows account still is what the application asks for. */
  async isValid(application: SsoApplication, mapping: Mapping): Promise<boolean> {
    if (application.type === 'host-group')
      return isSameAccount(mapping.windowsAccount, application.windowsAccount ?? '');
    if (application.type === 'group')
      return application.users.some((account) => isSameAccount(account, mapping.windowsAccount));
    return (await this.#parts.access.firstUserOf(mapping.windowsAccount, application)) !== undefined;
  }

  async #plan(caller: SsoCaller, request: MappingRequest): Promise<NewMapping> {
    const { access, applications, ports } = this.#parts;
    const application = await applications.require(request.application);
    const administers = await this.#requireRight(caller, application, request.windowsAccount, 'Creating');
    if (!administers && application.restrictMappingCreate) {
      const message = `Application users do not create mappings of ${application.name}`;
      await access.refuse(new SsoError(10856, 'forbidden', message), caller, {
        application: application.name,
      });
    }
    const windowsAccount = await this.#requireAccount(application, request.windowsAccount);
    const mapping = { ...request, application: application.name, windowsAccount };
    const state = { enabled: false, disabledByAdministrator: false };
    if (await this.isValid(application, { ...mapping, ...state, id: 0 })) return { ...mapping, ...state };
    if (application.type === 'host-group')
      throw new SsoError(
        10846,
        'invalid_input',
        `${application.name} maps every external user to ${application.windowsAccount}, not to ${windowsAccount}`,
      );
    await ports.audit.record({
      event: 11059,
      message: `${windowsAccount} is no Application User of ${application.name}`,
      application: application.name,
      windowsAccount,
      level: 2,
    });
    throw new SsoError(
      application.type === 'group' ? 10556 : 10731,
      'invalid_input',
      `${windowsAccount} is no Application User of ${application.name}`,
      { fix: `Add the account to a group of its users: ${application.users.join('; ')}` },
    );
  }

  /** The account as the directory writes it. */
  async #requireAccount(application: SsoApplication, account: string): Promise<string> {
    const { ports } = this.#parts;
    if (isLocalAccount(account, ports.settings().hostName))
      throw new SsoError(10841, 'invalid_input', `${account} is local; mappings are for domain accounts`);
    const facts = await ports.directory.find(account);
    if (facts === undefined) throw new SsoError(10740, 'not_found', `The domain has no account ${account}`);
    if (application.type !== 'group' && facts.kind !== 'user')
      throw new SsoError(
        10847,
        'invalid_input',
        `${account} is a ${facts.kind}; mappings of ${application.name} are for users`,
      );
    return facts.account;
  }

  /** Resolves with whether the caller administers the application; throws where it neither does nor owns the mapping. */
  async #requireRight(
    caller: SsoCaller,
    application: SsoApplication,
    windowsAccount: string,
    what: string,
  ): Promise<boolean> {
    const { access } = this.#parts;
    if (await access.isAdministratorOf(caller, application)) return true;
    const { account } = await access.requireUserOf(
      caller,
      application,
      `${what} a mapping of ${application.name}`,
    );
    const refuse = (event: number, message: string): Promise<never> =>
      access.refuse(new SsoError(event, 'forbidden', message), caller, { application: application.name });
    if (application.type !== 'individual')
      await refuse(
        10557,
        `Users have no mappings of their own in ${application.name}, which is no Individual application`,
      );
    if (!isSameAccount(account, windowsAccount))
      await refuse(10558, `${account} may change its own mappings only, not one of ${windowsAccount}`);
    return false;
  }

  async #neighbours({ application, windowsAccount, externalUser }: NewMapping): Promise<readonly Mapping[]> {
    const { database } = this.#parts.ports;
    const applications = [application];
    const [windows, external] = await Promise.all([
      database.listMappings({ applications, windowsAccount, limit: 1 }),
      database.listMappings({ applications, externalUser, limit: 1 }),
    ]);
    return [...windows, ...external];
  }

  async #note(
    caller: SsoCaller,
    mapping: Mapping,
    what: string,
    level: 1 | 2 | 3,
    more: Partial<AuditEntry> = {},
  ): Promise<void> {
    const { access, forget, ports } = this.#parts;
    forget(mapping.application);
    const by = access.accountOf(caller) ?? caller.name;
    const { application, windowsAccount, externalUser } = mapping;
    await ports.audit.record({
      event: 10535,
      message: `The mapping of ${windowsAccount} to ${externalUser} in ${application} was ${what} by ${by}`,
      caller: by,
      application,
      windowsAccount,
      externalUser,
      level,
      table: 'administration',
      ...more,
    });
  }
}

function gone({ application, windowsAccount }: Mapping): SsoError {
  return new SsoError(
    10757,
    'not_found',
    `The mapping of ${windowsAccount} in ${application} was deleted meanwhile`,
  );
}

/** What two mappings that are in each other's way have in common. */
function sidesOf({ application, windowsAccount, externalUser }: NewMapping): readonly string[] {
  return [
    `windows\n${application}\n${windowsAccount.toLowerCase()}`,
    `external\n${application}\n${externalUser}`,
  ];
}
