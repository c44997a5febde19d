import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type SsoSystem, ssoServerSchema, ssoSystemSchema } from '#shared/model/single-sign-on.ts';
import { type SsoApplicationInput, ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { isSameAccount, localCaller, type SsoCaller } from '#sso/caller.ts';
import { createSso, type Sso } from '#sso/create-sso.ts';
import type { AccountDirectory, AccountFacts, AuditEntry, SsoPorts, SsoSettings } from '#sso/ports.ts';
import { openDatabase } from '#store/database.ts';
import { KeyTable } from '#store/key-table.ts';
import { storeMigrations } from '#store/migrations.ts';
import { SsoCredentialTable } from '#store/sso-credential-table.ts';
import { createSsoDatabase } from '#store/sso-database.ts';
import { ManualClock } from '#test/engine-clock.ts';
import { noteRaised } from '#test/raised-events.ts';
import { MasterSecret } from '#vault/master-secret.ts';

/** A domain of users and groups, of which a group may be a member of another. */
export class ListedDirectory implements AccountDirectory {
  readonly members: Map<string, readonly string[]>;
  readonly users: string[];
  down = false;
  asked = 0;

  constructor(users: readonly string[], groups: Readonly<Record<string, readonly string[]>>) {
    this.users = [...users];
    this.members = new Map(Object.entries(groups));
  }

  async find(account: string): Promise<AccountFacts | undefined> {
    this.#ask();
    const user = this.users.find((each) => isSameAccount(each, account));
    if (user !== undefined) return { account: user, kind: 'user', isDisabled: false };
    const group = [...this.members.keys()].find((each) => isSameAccount(each, account));
    return group === undefined ? undefined : { account: group, kind: 'group', isDisabled: false };
  }

  async firstOf(account: string, accounts: readonly string[]): Promise<string | undefined> {
    this.#ask();
    return accounts.find((each) => isSameAccount(each, account) || this.#holds(each, account));
  }

  async *usersIn(accounts: readonly string[]): AsyncIterable<AccountFacts> {
    for (const account of this.users)
      if ((await this.firstOf(account, accounts)) !== undefined)
        yield { account, kind: 'user', isDisabled: false };
  }

  #holds(group: string, account: string): boolean {
    const members = [...this.members].find(([name]) => isSameAccount(name, group))?.[1] ?? [];
    return members.some((member) => isSameAccount(member, account) || this.#holds(member, account));
  }

  #ask(): void {
    this.asked += 1;
    if (this.down) throw new Error('No domain controller answers');
  }
}

export const callers = {
  /** Whoever may open the service's own socket: acts as the service account. */
  local: localCaller('control socket'),
  ssoAdministrator: callerOf('FABRIKAM\\sara'),
  affiliate: callerOf('FABRIKAM\\albert'),
  applicationAdministrator: callerOf('FABRIKAM\\anna'),
  jdoe: callerOf('FABRIKAM\\jdoe'),
  mary: callerOf('FABRIKAM\\mary'),
  stranger: callerOf('FABRIKAM\\mallory'),
} as const;

export function callerOf(account: string): SsoCaller {
  return { account, name: account, isRemote: false };
}

export interface SsoWorld extends AsyncDisposable {
  readonly sso: Sso;
  readonly ports: SsoPorts;
  readonly directory: ListedDirectory;
  readonly clock: ManualClock;
  readonly entries: AuditEntry[];
  readonly secret: MasterSecret;
  readonly rows: SsoCredentialTable;
  readonly database: ReturnType<typeof openDatabase>;
  readonly folder: string;
  settings: SsoSettings;
  setSystem(changes: Partial<SsoSystem>): void;
  /** Numbers of what was audited, in order. */
  events(): readonly number[];
}

export interface SsoWorldOptions {
  readonly withSecret?: boolean;
}

/** Single sign-on over a real store and a real master secret, in a domain that the test writes down. */
export async function openSsoWorld({ withSecret = true }: SsoWorldOptions = {}): Promise<SsoWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-sso-'));
  const database = openDatabase(join(folder, 'carillon.db'), storeMigrations);
  const clock = new ManualClock();
  const vaultKey = new Uint8Array(32).fill(7);
  const secret = await MasterSecret.open({
    store: new KeyTable(database, { lock: 'sso_lock', key: 'sso_key' }),
    vaultKey: () => SecretBytes.copy(vaultKey),
    now: () => clock.now(),
  });
  if (withSecret) await secret.generate();
  const rows = new SsoCredentialTable(database);
  const directory = new ListedDirectory(
    ['jdoe', 'mary', 'mallory', 'sara', 'albert', 'anna', 'ssosvcact'].map((name) => `FABRIKAM\\${name}`),
    {
      'FABRIKAM\\SSO Administrators': ['FABRIKAM\\SSO Staff', 'FABRIKAM\\ssosvcact'],
      'FABRIKAM\\SSO Staff': ['FABRIKAM\\sara'],
      'FABRIKAM\\SSO Affiliate Administrators': ['FABRIKAM\\albert'],
      'FABRIKAM\\App Admins': ['FABRIKAM\\anna'],
      'FABRIKAM\\App Users': ['FABRIKAM\\Sales'],
      'FABRIKAM\\Sales': ['FABRIKAM\\jdoe', 'FABRIKAM\\mary'],
      'FABRIKAM\\Clerks': ['FABRIKAM\\mary'],
    },
  );
  const entries: AuditEntry[] = [];
  const world = {
    settings: {
      system: ssoSystemSchema.parse({
        enabled: true,
        administrators: ['FABRIKAM\\SSO Administrators'],
        affiliateAdministrators: ['FABRIKAM\\SSO Affiliate Administrators'],
      }),
      server: ssoServerSchema.parse({ name: 'INTSVR1', serviceAccount: 'FABRIKAM\\ssosvcact' }),
      hostName: 'INTSVR1',
    } as SsoSettings,
  };
  const ports: SsoPorts = {
    database: createSsoDatabase(database, rows),
    seal: secret,
    directory,
    audit: {
      async record(entry) {
        noteRaised(entry.event);
        entries.push(entry);
      },
    },
    clock,
    settings: () => world.settings,
  };
  return Object.assign(world, {
    sso: createSso(ports),
    ports,
    directory,
    clock,
    entries,
    secret,
    rows,
    database,
    folder,
    setSystem(changes: Partial<SsoSystem>) {
      world.settings = { ...world.settings, system: { ...world.settings.system, ...changes } };
    },
    events: () => entries.map(({ event }) => event),
    async [Symbol.asyncDispose]() {
      secret.close();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

/** A whole application of one name. */
export function applicationOf(changes: SsoApplicationInput) {
  const isHostGroup = changes.type === 'host-group';
  return ssoApplicationSchema.parse({
    administrators: ['FABRIKAM\\App Admins'],
    ...(isHostGroup ? { windowsAccount: 'FABRIKAM\\jdoe' } : { users: ['FABRIKAM\\App Users'] }),
    ...changes,
  });
}

export function secretOf(text: string): SecretBytes {
  return SecretBytes.take(new TextEncoder().encode(text));
}

/** Makes and enables an application, a mapping of `FABRIKAM\jdoe` to `jd01`, and its password. */
export async function setUpMapping(world: SsoWorld, application: SsoApplicationInput, password = 'Pa55word') {
  const { sso } = world;
  await sso.applications.create(callers.ssoAdministrator, [applicationOf(application)]);
  await sso.applications.setEnabled(callers.ssoAdministrator, application.name, true);
  const reference = { application: application.name, windowsAccount: 'FABRIKAM\\jdoe' };
  const [mapping] = await sso.mappings.create(callers.ssoAdministrator, [
    { ...reference, externalUser: 'jd01' },
  ]);
  await sso.mappings.setEnabled(callers.ssoAdministrator, reference, true);
  await sso.setCredentials(callers.ssoAdministrator, { ...reference, fields: [secretOf(password)] });
  world.entries.length = 0;
  if (mapping === undefined) throw new Error('No mapping was made');
  return mapping;
}
