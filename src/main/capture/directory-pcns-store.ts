import { LdapError } from '#directory/ldap-error.ts';
import {
  type AttributeValues,
  readServiceEntry,
  readTargetEntry,
  serviceClass,
  targetClass,
  writeServiceEntry,
  writeTargetEntry,
} from '#directory/pcns-entry.ts';
import type { SearchEntry } from '#directory/search-entry.ts';
import { explainPcnsRefusal, pcnsContainer, writePcnsEntry } from '#directory/write-pcns-entry.ts';
import type { PcnsConfiguration, PcnsService, PcnsTarget } from '#shared/model/pcns.ts';
import type { ControllerIdentity } from './controller-identity.ts';
import type { Ask, DirectoryAccess } from './directory-access.ts';
import { parsePcnsConfiguration } from './file-pcns-store.ts';
import type { PcnsStore } from './pcns-store.ts';

const limits = { limit: 15_000, patience: 15_000 };
const noSuchObject = 32;

interface Found {
  readonly services: readonly SearchEntry[];
  readonly targets: readonly SearchEntry[];
}

/** PCNS' own objects in the domain's System container. */
export class DirectoryPcnsStore implements PcnsStore {
  readonly place = 'CN=Password Change Notification Service,CN=System of the domain';
  readonly #access: DirectoryAccess;
  readonly #identify: () => Promise<ControllerIdentity>;

  constructor(access: DirectoryAccess, identify: () => Promise<ControllerIdentity>) {
    this.#access = access;
    this.#identify = identify;
  }

  async read(): Promise<PcnsConfiguration | undefined> {
    const found = await this.#find();
    if (found === undefined) return undefined;
    const [service] = found.services;
    const value = {
      service: service === undefined ? {} : readServiceEntry(service),
      targets: found.targets.map(readTargetEntry),
    };
    return parsePcnsConfiguration(value, this.place);
  }

  async writeService(service: PcnsService): Promise<void> {
    const [before] = (await this.#find())?.services ?? [];
    await this.#write(before?.dn, 'Service', serviceClass, writeServiceEntry(service));
  }

  async writeTarget(target: PcnsTarget): Promise<void> {
    const before = await this.#findTarget(target.guid);
    await this.#write(before?.dn, target.name, targetClass, writeTargetEntry(target));
  }

  async removeTarget(guid: string): Promise<void> {
    const found = await this.#findTarget(guid);
    if (found !== undefined) await this.#ask((connection) => connection.delete(found.dn));
  }

  async #findTarget(guid: string): Promise<SearchEntry | undefined> {
    return (await this.#find())?.targets.find((entry) => readTargetEntry(entry)['guid'] === guid);
  }

  async #find(): Promise<Found | undefined> {
    const base = await this.#container();
    const filter = `(|(objectClass=${serviceClass})(objectClass=${targetClass}))`;
    try {
      const entries = await this.#ask((connection, signal) =>
        connection.searchEntries({ base, scope: 'sub', filter, signal }),
      );
      const isOf = (name: string) => (entry: SearchEntry) =>
        (entry.attributes.get('objectclass') ?? []).some(
          (value) => Buffer.from(value).toString().toLowerCase() === name.toLowerCase(),
        );
      if (entries.length === 0) return undefined;
      return { services: entries.filter(isOf(serviceClass)), targets: entries.filter(isOf(targetClass)) };
    } catch (error) {
      if (error instanceof LdapError && error.code === noSuchObject) return undefined;
      throw error;
    }
  }

  async #write(
    dn: string | undefined,
    name: string,
    objectClass: string,
    values: AttributeValues,
  ): Promise<void> {
    const { baseDn } = await this.#identify();
    await this.#ask((connection) => writePcnsEntry(connection, baseDn, { dn, name, objectClass, values }));
  }

  async #container(): Promise<string> {
    const { baseDn } = await this.#identify();
    return pcnsContainer(baseDn);
  }

  async #ask<T>(ask: Ask<T>): Promise<T> {
    try {
      return await this.#access.ask(ask, limits);
    } catch (error) {
      throw explainPcnsRefusal(error);
    }
  }
}
