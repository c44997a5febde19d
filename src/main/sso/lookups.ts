import type { SsoApplication } from '#shared/model/sso-application.ts';
import { wipeFields } from '#shared/secret/credential-fields.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { applyPasswordFilter } from '#shared/text/password-filter.ts';
import type { Access } from './access.ts';
import type { Applications } from './applications.ts';
import type { SsoCaller } from './caller.ts';
import type { CachedLookup, CredentialCache } from './credential-cache.ts';
import { type Credentials, requireSynchronizedField } from './credentials.ts';
import type { AuditTable, Mapping, SsoPorts } from './ports.ts';
import { isSameSecret } from './same-secret.ts';
import { SsoError } from './sso-error.ts';

export interface LookupsParts {
  readonly ports: SsoPorts;
  readonly access: Access;
  readonly applications: Applications;
  readonly credentials: Credentials;
  readonly cache: CredentialCache;
}

/** What a look-up gives. The caller wipes the fields. */
export interface FoundCredentials {
  readonly externalUser: string;
  readonly fields: readonly SecretBytes[];
}

/** Gives credentials out: Windows-initiated to the user they belong to, host-initiated for a shown password. */
export class Lookups {
  readonly #parts: LookupsParts;

  constructor(parts: LookupsParts) {
    this.#parts = parts;
  }

  /** The caller's own external credentials. Throws `SsoError`; each refusal and each success is audited. */
  async getCredentials(caller: SsoCaller, name: string): Promise<FoundCredentials> {
    const { access } = this.#parts;
    const application = await this.#requireOpen(caller, name);
    const { account, entry } = await access.requireUserOf(
      caller,
      application,
      `Looking up ${application.name}`,
    );
    return await this.getCredentialsOf(caller, application, account, entry);
  }

  /** The same for an account that a ticket proved. `entry` is what lets it in. */
  async getCredentialsOf(
    caller: SsoCaller,
    application: SsoApplication,
    account: string,
    entry: string,
  ): Promise<FoundCredentials> {
    if (!application.allowWindowsInitiatedSso)
      return await this.#refuse(
        caller,
        10782,
        `${application.name} takes no look-ups that Windows begins`,
        application,
      );
    const owner = application.type === 'group' ? entry : account;
    const { mapping, credential } = await this.#find(caller, application, owner.toLowerCase(), {
      windowsAccount: owner,
    });
    const fields = await this.#open(caller, application, { mapping, credential });
    await this.#note(caller, application, mapping, 'external-credential-lookups', 11028, account);
    return { externalUser: mapping.externalUser, fields };
  }

  /** The Windows account that an external account stands for. `password` is wiped by whoever gave it. */
  async getWindowsAccount(
    caller: SsoCaller,
    name: string,
    externalUser: string,
    password: SecretBytes | undefined,
  ): Promise<string> {
    const { access, ports } = this.#parts;
    const application = await this.#requireOpen(caller, name);
    await access.requireAdministratorOf(
      caller,
      application,
      `A host-initiated look-up of ${application.name}`,
    );
    if (!ports.settings().system.allowHostInitiatedSso)
      return await this.#refuse(
        caller,
        10808,
        'Host-initiated SSO is not allowed in the system',
        application,
      );
    if (!application.allowHostInitiatedSso)
      return await this.#refuse(
        caller,
        10809,
        `${application.name} takes no look-ups that a host begins`,
        application,
      );
    const found = await this.#find(caller, application, `\0${externalUser}`, { externalUser });
    if (application.verifyExternalCredentials) await this.#verify(caller, application, found, password);
    await this.#note(caller, application, found.mapping, 'windows-credential-lookups', 10535, externalUser);
    return found.mapping.windowsAccount;
  }

  /** Throws what a look-up of this application meets before it is asked who looks. */
  async #requireOpen(caller: SsoCaller, name: string): Promise<SsoApplication> {
    const { ports, applications } = this.#parts;
    const { system, server } = ports.settings();
    const application = await applications.require(name);
    if (!system.enabled)
      await this.#refuse(caller, 10754, 'Enterprise Single Sign-On is disabled', application);
    if (caller.isRemote && server?.allowRemoteLookup !== true)
      await this.#refuse(caller, 11068, 'This server takes no look-ups from other computers', application);
    if (!application.enabled)
      await this.#refuse(caller, 10755, `${application.name} is disabled`, application);
    return application;
  }

  async #find(
    caller: SsoCaller,
    application: SsoApplication,
    key: string,
    side: { readonly windowsAccount: string } | { readonly externalUser: string },
  ): Promise<CachedLookup> {
    const { cache, credentials, ports } = this.#parts;
    const cached = application.disableCredentialCache ? undefined : cache.get(application.name, key);
    if (cached !== undefined) return cached;
    const [mapping] = await ports.database.listMappings({
      applications: [application.name],
      ...side,
      limit: 1,
    });
    const who = 'externalUser' in side ? side.externalUser : side.windowsAccount;
    if (mapping === undefined)
      return await this.#refuse(caller, 10757, `${application.name} has no mapping of ${who}`, application);
    if (!mapping.enabled)
      return await this.#refuse(
        caller,
        mapping.disabledByAdministrator ? 10770 : 10764,
        `The mapping of ${who} in ${application.name} is disabled`,
        application,
      );
    const credential = await credentials.find(mapping, 'external');
    if (credential === undefined)
      return await this.#refuse(
        caller,
        10765,
        `The mapping of ${who} in ${application.name} has no credentials`,
        application,
      );
    const found = { mapping, credential };
    if (!application.disableCredentialCache) cache.put(application.name, key, found);
    return found;
  }

  /** A filter that cannot be carried out gives nothing out. */
  async #open(
    caller: SsoCaller,
    application: SsoApplication,
    { credential }: CachedLookup,
  ): Promise<readonly SecretBytes[]> {
    const { credentials, ports } = this.#parts;
    const fields = credentials.open(credential);
    if (application.passwordFilter === undefined) return fields;
    try {
      const filter = await ports.database.filters.find(application.passwordFilter);
      if (filter === undefined) throw new Error('The filter is gone');
      const index = requireSynchronizedField(application) - 1;
      const plain = fields[index];
      if (plain === undefined || plain.length === 0) return fields;
      const filtered = applyPasswordFilter(filter.rules, plain);
      plain.wipe();
      return fields.map((field, at) => (at === index ? filtered : field));
    } catch {
      wipeFields(fields);
      const message = `The password filter ${application.passwordFilter} of ${application.name} failed; nothing was given out`;
      return await this.#refuse(caller, 10855, message, application);
    }
  }

  async #verify(
    caller: SsoCaller,
    application: SsoApplication,
    { credential, mapping }: CachedLookup,
    password: SecretBytes | undefined,
  ): Promise<void> {
    const fields = this.#parts.credentials.open(credential);
    const stored = fields[requireSynchronizedField(application) - 1];
    const isRight = password !== undefined && stored !== undefined && isSameSecret(stored, password);
    wipeFields(fields);
    if (isRight) return;
    await this.#refuse(
      caller,
      10810,
      `The password of ${mapping.externalUser} in ${application.name} is not the stored one`,
      application,
    );
  }

  #refuse(caller: SsoCaller, event: number, message: string, { name }: SsoApplication): Promise<never> {
    const forbidden = [11068, 10770, 10764, 10810].includes(event);
    const code = forbidden ? 'forbidden' : event === 10757 ? 'not_found' : 'conflict';
    return this.#parts.access.refuse(new SsoError(event, code, message), caller, { application: name });
  }

  async #note(
    caller: SsoCaller,
    application: SsoApplication,
    { windowsAccount, externalUser }: Mapping,
    table: AuditTable,
    event: number,
    who: string,
  ): Promise<void> {
    const by = this.#parts.access.accountOf(caller) ?? caller.name;
    await this.#parts.ports.audit.record({
      event,
      message: `${by} looked up ${who} in ${application.name}`,
      caller: by,
      application: application.name,
      windowsAccount,
      externalUser,
      table,
      level: 3,
    });
  }
}
