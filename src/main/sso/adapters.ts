import { z } from 'zod';

import { type SsoAdapter, ssoAdapterSchema } from '#shared/model/sso-adapter.ts';

import type { Access } from './access.ts';
import type { Applications } from './applications.ts';
import type { SsoCaller } from './caller.ts';
import { checkAdapter } from './check-adapter.ts';
import type { SsoPorts } from './ports.ts';
import { requireUnchanged } from './require-unchanged.ts';
import { SsoError } from './sso-error.ts';

export type AdapterChanges = { readonly [K in keyof SsoAdapter]?: SsoAdapter[K] | undefined };

export interface AdapterUpdate {
  readonly name: string;
  readonly changes: AdapterChanges;
  /** Values that the change was made on; refused where they are others by now. */
  readonly seen?: Readonly<Record<string, unknown>> | undefined;
}

export interface AdaptersParts {
  readonly ports: SsoPorts;
  readonly access: Access;
  readonly applications: Applications;
  /** Told when an adapter or what is assigned to it changed. */
  readonly changed: (adapter: string) => void;
}

/** Definitions of password synchronization adapters, what is assigned to them, and which group adapter serves them. */
export class Adapters {
  readonly #parts: AdaptersParts;

  constructor(parts: AdaptersParts) {
    this.#parts = parts;
  }

  async list(caller: SsoCaller): Promise<readonly SsoAdapter[]> {
    const { access, ports } = this.#parts;
    const all = await ports.database.adapters.list();
    const visible = await Promise.all(all.map((adapter) => access.isAdministratorOf(caller, adapter)));
    return all.filter((_, index) => visible[index]);
  }

  /** Throws `SsoError` 10822 where there is none, 10829 where the name is another thing's. */
  async require(name: string): Promise<SsoAdapter> {
    const adapter = await this.#parts.ports.database.adapters.find(name);
    if (adapter !== undefined) return adapter;
    const { applications, filters } = this.#parts.ports.database;
    for (const [kind, table] of [
      ['an application', applications],
      ['a password filter', filters],
    ] as const)
      if ((await table.find(name)) !== undefined)
        throw new SsoError(10829, 'not_found', `"${name}" is ${kind}, not a password sync adapter`);
    throw new SsoError(10822, 'not_found', `No password sync adapter "${name}"`);
  }

  async get(caller: SsoCaller, name: string): Promise<SsoAdapter> {
    const adapter = await this.require(name);
    await this.#parts.access.requireAdministratorOf(caller, adapter, `Reading ${adapter.name}`);
    return adapter;
  }

  /** Names of the applications assigned to an adapter. */
  async applicationsOf(name: string): Promise<readonly string[]> {
    const all = await this.#parts.ports.database.applications.list();
    return all
      .filter(({ adapter }) => adapter?.toLowerCase() === name.toLowerCase())
      .map((each) => each.name);
  }

  /** Names of the adapters that a group adapter serves. */
  async membersOf(name: string): Promise<readonly string[]> {
    const all = await this.#parts.ports.database.adapters.list();
    return all.filter(({ group }) => group?.toLowerCase() === name.toLowerCase()).map((each) => each.name);
  }

  /** Makes all of them or none; each starts disabled. */
  async create(caller: SsoCaller, adapters: readonly SsoAdapter[]): Promise<void> {
    const { access, ports } = this.#parts;
    if (!(await access.isSsoAdministrator(caller)))
      await access.refuse(
        new SsoError(10715, 'forbidden', 'Only an SSO Administrator creates password sync adapters'),
        caller,
      );
    for (const adapter of adapters) {
      if (adapter.enabled)
        throw new SsoError(
          10850,
          'invalid_input',
          `Adapter ${adapter.name}: it is made disabled; enable it afterwards`,
        );
      if (adapter.group !== undefined)
        throw new SsoError(
          10787,
          'invalid_input',
          `Adapter ${adapter.name}: its group is assigned afterwards`,
        );
      await checkAdapter(this.#parts, caller, adapter);
      if ((await ports.database.adapters.find(adapter.name)) !== undefined) throw exists(adapter.name);
    }
    if (!(await ports.database.adapters.insert(adapters))) throw exists(adapters[0]?.name ?? '');
    for (const { name } of adapters) await this.#note(caller, name, `The adapter ${name} was created`);
  }

  /** Changes all of them or none. */
  async update(caller: SsoCaller, updates: readonly AdapterUpdate[]): Promise<void> {
    const changed: SsoAdapter[] = [];
    for (const update of updates) changed.push(await this.#merge(caller, update));
    await this.#save(caller, changed, (name) => `The adapter ${name} was updated`);
  }

  async #merge(caller: SsoCaller, { name, changes, seen }: AdapterUpdate): Promise<SsoAdapter> {
    const { access } = this.#parts;
    const before = await this.require(name);
    if (!(await access.isAdministratorOf(caller, before)))
      await access.refuse(
        new SsoError(10742, 'forbidden', `The adapter ${before.name} is updated by its administrators only`),
        caller,
      );
    requireUnchanged(before.name, before, seen);
    const enabled = changes.enabled ?? before.enabled;
    if (enabled !== before.enabled && !(await access.isSsoAdministrator(caller)))
      await access.refuse(
        new SsoError(
          10742,
          'forbidden',
          'Only an SSO Administrator enables or disables password synchronization',
        ),
        caller,
      );
    const merged = { ...before, ...changes, name: before.name, kind: before.kind, group: before.group };
    const parsed = ssoAdapterSchema.safeParse(JSON.parse(JSON.stringify(merged)));
    if (!parsed.success)
      throw new SsoError(10787, 'invalid_input', `Adapter ${before.name}: ${z.prettifyError(parsed.error)}`);
    await checkAdapter(this.#parts, caller, parsed.data);
    if (before.group !== undefined && parsed.data.computer.toLowerCase() !== before.computer.toLowerCase())
      throw await this.#otherComputer(before.group, before.name);
    return parsed.data;
  }

  async delete(caller: SsoCaller, name: string): Promise<void> {
    const { access, ports } = this.#parts;
    await access.requireSyncAdministrator(caller, 'Deleting an adapter');
    const adapter = await this.require(name);
    const [application] = await this.applicationsOf(adapter.name);
    if (application !== undefined)
      throw new SsoError(
        10806,
        'conflict',
        `The application ${application} is assigned to the adapter ${adapter.name}`,
        {
          fix: `Take it away first: ssops -deleteapp ${application}`,
        },
      );
    const [member] = await this.membersOf(adapter.name);
    const [inGroup, group] =
      adapter.group === undefined ? [member, adapter.name] : [adapter.name, adapter.group];
    if (inGroup !== undefined)
      throw new SsoError(10821, 'conflict', `The adapter ${inGroup} is in the group of ${group}`, {
        fix: `Take it out first: ssops -deletefromgroup ${inGroup} ${group}`,
      });
    await ports.database.adapters.delete(adapter.name);
    await this.#note(caller, adapter.name, `The adapter ${adapter.name} was deleted`);
  }

  async addApplication(caller: SsoCaller, name: string, applicationName: string): Promise<void> {
    const { access, ports } = this.#parts;
    await access.requireSyncAdministrator(caller, 'Assigning an application to an adapter');
    const adapter = await this.require(name);
    if (adapter.kind !== 'adapter')
      throw new SsoError(
        10824,
        'conflict',
        `${adapter.name} is a group adapter, which takes no applications`,
      );
    const application = await this.#requireApplication(applicationName);
    if (application.adapter !== undefined)
      throw new SsoError(
        10825,
        'conflict',
        `${application.name} is assigned to ${application.adapter} already`,
      );
    if (application.directPasswordSync)
      throw new SsoError(10851, 'conflict', `${application.name} takes passwords from Windows directly`, {
        fix: 'Switch off Direct Password Sync from Windows of the application first.',
      });
    await ports.database.applications.update([{ ...application, adapter: adapter.name }]);
    await this.#note(caller, adapter.name, `${application.name} was assigned to the adapter ${adapter.name}`);
  }

  async removeApplication(caller: SsoCaller, applicationName: string): Promise<void> {
    const { access, applications, ports } = this.#parts;
    await access.requireSyncAdministrator(caller, 'Taking an application from its adapter');
    const { adapter, ...application } = await applications.require(applicationName);
    if (adapter === undefined) throw new SsoError(10822, 'conflict', `${application.name} has no adapter`);
    await ports.database.applications.update([application]);
    await this.#note(caller, adapter, `${application.name} was taken from the adapter ${adapter}`);
  }

  async addToGroup(caller: SsoCaller, name: string, groupName: string): Promise<void> {
    const { access } = this.#parts;
    await access.requireSyncAdministrator(caller, 'Adding an adapter to a group');
    const adapter = await this.require(name);
    if (adapter.kind !== 'adapter')
      throw new SsoError(10824, 'conflict', `${adapter.name} is a group adapter itself`);
    const group = await this.#requireGroup(groupName);
    if (adapter.group !== undefined)
      throw new SsoError(
        10828,
        'conflict',
        `The adapter ${adapter.name} is in the group of ${adapter.group} already`,
      );
    if (adapter.computer.toLowerCase() !== group.computer.toLowerCase())
      throw await this.#otherComputer(group.name, adapter.name);
    await this.#save(
      caller,
      [{ ...adapter, group: group.name }],
      () => `The adapter ${adapter.name} was added to the group of ${group.name}`,
    );
  }

  async removeFromGroup(caller: SsoCaller, name: string, groupName: string): Promise<void> {
    await this.#parts.access.requireSyncAdministrator(caller, 'Taking an adapter out of a group');
    const group = await this.#requireGroup(groupName);
    const { group: current, ...adapter } = await this.require(name);
    if (current?.toLowerCase() !== group.name.toLowerCase())
      throw new SsoError(
        10826,
        'conflict',
        `The adapter ${adapter.name} is not in the group of ${group.name}`,
      );
    await this.#save(
      caller,
      [adapter],
      () => `The adapter ${adapter.name} was taken out of the group of ${group.name}`,
    );
  }

  async #requireGroup(name: string): Promise<SsoAdapter> {
    const group = await this.#parts.ports.database.adapters.find(name);
    if (group === undefined) throw new SsoError(10826, 'not_found', `No group adapter "${name}"`);
    if (group.kind === 'group-adapter') return group;
    throw new SsoError(10827, 'conflict', `${group.name} is no group adapter`);
  }

  async #requireApplication(name: string) {
    const { database } = this.#parts.ports;
    const application = await database.applications.find(name);
    if (application !== undefined) return application;
    // An adapter has the name of an application in the original; here it is another kind of thing.
    if ((await database.adapters.find(name)) !== undefined)
      throw new SsoError(10823, 'conflict', `${name} is an adapter, not an affiliate application`);
    throw new SsoError(10756, 'not_found', `No affiliate application "${name}"`);
  }

  async #otherComputer(group: string, name: string): Promise<SsoError> {
    const { computer } = await this.require(group);
    return new SsoError(
      10830,
      'conflict',
      `The adapter ${name} is not on ${computer}, as its group adapter ${group} is`,
      {
        fix: `Set the computer of both to the same host.`,
      },
    );
  }

  async #save(
    caller: SsoCaller,
    adapters: readonly SsoAdapter[],
    message: (name: string) => string,
  ): Promise<void> {
    if (!(await this.#parts.ports.database.adapters.update(adapters)))
      throw new SsoError(10822, 'not_found', 'An adapter was deleted meanwhile');
    for (const { name } of adapters) await this.#note(caller, name, message(name));
  }

  async #note(caller: SsoCaller, adapter: string, message: string): Promise<void> {
    const { access, ports, changed } = this.#parts;
    changed(adapter);
    const by = access.accountOf(caller) ?? caller.name;
    await ports.audit.record({
      event: 10535,
      message: `${message} by ${by}`,
      caller: by,
      adapter,
      level: 1,
      table: 'administration',
    });
  }
}

function exists(name: string): SsoError {
  return new SsoError(10752, 'conflict', `The adapter ${name} exists already`);
}
