import { randomUUID } from 'node:crypto';
import { readAnchor } from '#agents/directory-anchor.ts';
import type { DirectoryPasswordTarget } from '#agents/directory-password-target.ts';
import { traitsOf } from '#agents/directory-traits.ts';
import { createPasswordTarget } from '#agents/password-target-of.ts';
import { type LdapConnection, openLdap } from '#directory/ldap-connection.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { textsOf } from '#directory/search-entry.ts';
import type { Connector } from '#engine/join-table.ts';
import { probeLdapBind } from '#lab/bind-probe.ts';
import type { DirectoryServer389 } from '#lab/directory-server-389.ts';
import type { OpenLdap } from '#lab/openldap-server.ts';
import type { SambaDomain } from '#lab/samba-domain.ts';
import { type DirectoryAgent, directoryAgentSchema } from '#shared/model/agent.ts';
import type { PasswordSettings } from '#shared/model/password-settings.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { activeDirectoryAgent, type LabAgent, ldapAgent } from './directory-agents.ts';

export interface Account {
  readonly name: string;
  readonly dn: string;
  readonly connector: Connector;
}

export interface TargetSettings {
  readonly user?: string;
  readonly userPassword?: string;
  readonly connection?: Partial<DirectoryAgent['connection']>;
  readonly password?: Partial<PasswordSettings>;
}

type Attributes = Readonly<Record<string, readonly (string | Uint8Array)[]>>;

interface Product {
  readonly server: { readonly ldapsUrl: string; readonly caFile: string };
  readonly suffix: string;
  readonly unit: string;
  readonly administrator: { readonly dn: string; readonly password: string };
  agent(settings: { readonly user?: string; readonly password?: string }): LabAgent;
  /** What the server's schema lacks. */
  readonly attributeType?: string;
  rdn(name: string): string;
  account(name: string, password: string): Attributes;
}

/** Secret bytes of a text. */
export function secret(text: string): SecretBytes {
  return SecretBytes.take(new TextEncoder().encode(text));
}

/** The value of unicodePwd, for whoever administers a domain. */
export function unicodePassword(password: string): Uint8Array {
  return Buffer.from(`"${password}"`, 'utf16le');
}

/** Accounts of their own on one lab server, in a unit that is gone afterwards, and targets to set their passwords. */
export class PasswordScene {
  readonly #product: Product;
  readonly #targets: DirectoryPasswordTarget[] = [];
  #admin: LdapConnection | undefined;
  #count = 0;

  constructor(product: Product) {
    this.#product = product;
  }

  get server(): Product['server'] {
    return this.#product.server;
  }

  get unit(): string {
    return `ou=${this.#product.unit},${this.#product.suffix}`;
  }

  get suffix(): string {
    return this.#product.suffix;
  }

  /** Signed in as the server's administrator. */
  get admin(): LdapConnection {
    if (this.#admin === undefined) throw new Error('The scene is not open');
    return this.#admin;
  }

  async open(): Promise<void> {
    await this.reconnect();
    await this.#extendSchema();
    await this.admin.add(this.unit, { objectClass: ['organizationalUnit'] });
  }

  async #extendSchema(): Promise<void> {
    const { attributeType } = this.#product;
    if (attributeType === undefined) return;
    const change = { operation: 'add', attribute: 'attributeTypes', values: [attributeType] } as const;
    await this.admin.modify('cn=schema', [change]).catch((error: unknown) => {
      // Another test was first.
      if (!(error instanceof LdapError) || error.code !== 20) throw error;
    });
  }

  /** Signs in anew, for a test that has stopped the server. */
  async reconnect(): Promise<void> {
    const { server, administrator } = this.#product;
    await this.#admin?.close();
    this.#admin = await openLdap({ url: server.ldapsUrl, caFile: server.caFile, connectTimeout: 5000 });
    await this.#admin.bindSimple(administrator.dn, secret(administrator.password));
  }

  async close(): Promise<void> {
    await Promise.all(this.#targets.map((target) => target.close()));
    const entries = await this.admin.searchEntries({
      base: this.unit,
      scope: 'sub',
      filter: '(objectClass=*)',
      attributes: ['1.1'],
    });
    // The deepest first.
    for (const { dn } of entries.sort((one, other) => other.dn.length - one.dn.length))
      await this.admin.delete(dn);
    await this.admin.close();
  }

  target(settings: TargetSettings = {}): DirectoryPasswordTarget {
    const { user, userPassword, connection = {}, password = {} } = settings;
    const member = this.#product.agent({
      ...(user === undefined ? {} : { user }),
      ...(userPassword === undefined ? {} : { password: userPassword }),
    });
    const agent: DirectoryAgent = {
      ...member.agent,
      connection: { ...member.agent.connection, ...connection },
      password: { ...member.agent.password, enabled: true, ...password },
    };
    const target = createPasswordTarget(agent, async () => secret(member.password));
    this.#targets.push(target);
    return target;
  }

  async create(password: string, base = this.unit): Promise<Account> {
    this.#count += 1;
    const name = `pw-${spell(process.pid)}-${spell(this.#count)}`;
    const dn = `${this.#product.rdn(name)},${base}`;
    await this.admin.add(dn, this.#product.account(name, password));
    return { name, dn, connector: await this.#connectorOf(dn) };
  }

  async #connectorOf(dn: string): Promise<Connector> {
    const { agent } = this.#product.agent({});
    const rule = traitsOf(agent).anchor;
    const [entry] = await this.admin.searchEntries({
      base: dn,
      scope: 'base',
      filter: '(objectClass=*)',
      attributes: [rule.attribute],
    });
    const anchor = entry === undefined ? undefined : readAnchor(entry, rule);
    if (anchor === undefined) throw new Error(`${dn} has no anchor`);
    return {
      id: this.#count,
      agent: agent.id,
      partition: this.#product.suffix,
      dn,
      anchor,
      objectType: 'user',
      person: undefined,
      incoming: undefined,
      outgoing: undefined,
    };
  }

  /** Gives the object another name in the same place; its connector does not know. */
  async rename({ dn }: Account, name: string): Promise<string> {
    const rdn = this.#product.rdn(name);
    await this.admin.rename(dn, rdn);
    return `${rdn},${dn.slice(dn.indexOf(',') + 1)}`;
  }

  /** An attribute of an object as the administrator sees it. */
  async textsOf(dn: string, attribute: string): Promise<readonly string[]> {
    const [entry] = await this.admin.searchEntries({
      base: dn,
      scope: 'base',
      filter: '(objectClass=*)',
      attributes: [attribute],
    });
    return entry === undefined ? [] : textsOf(entry, attribute);
  }

  /** Whether another LDAP client signs in with it. */
  binds(dn: string, password: string): Promise<boolean> {
    return probeLdapBind(this.#product.server, dn, password);
  }
}

/** A domain, or the same server in the profile of AD LDS, which speaks the same protocol. */
export function activeDirectoryScene(
  samba: SambaDomain,
  profile: 'domain' | 'adlds' = 'domain',
): PasswordScene {
  return new PasswordScene({
    server: samba,
    suffix: samba.baseDn,
    unit: `Passwords-${profile}-${process.pid}`,
    administrator: { dn: `${samba.adminUser}@${samba.realm.toLowerCase()}`, password: samba.adminPassword },
    agent: (settings) => {
      const member = activeDirectoryAgent(samba, settings);
      if (profile === 'domain') return member;
      const agent = directoryAgentSchema.parse({ ...member.agent, kind: 'ldap', profile });
      return { ...member, agent };
    },
    rdn: (name) => `CN=${name}`,
    account: (name, password) => ({
      objectClass: ['user'],
      sAMAccountName: [name],
      userAccountControl: ['512'],
      unicodePwd: [unicodePassword(password)],
    }),
  });
}

/**
 * A number in letters that no canary has: 389 refuses a password that holds part of the account's own name, and the
 * digits of a process' number may well stand in a counted one.
 */
function spell(number: number): string {
  return String(number).replace(/\d/g, (digit) => 'cdgjknoruv'[Number(digit)] ?? '');
}

function inetOrgPerson(name: string, password: string): Attributes {
  return { objectClass: ['inetOrgPerson'], uid: [name], cn: [name], sn: [name], userPassword: [password] };
}

export function openLdapScene(
  openldap: OpenLdap,
  profile: 'openldap' | 'generic' = 'openldap',
): PasswordScene {
  return new PasswordScene({
    server: openldap,
    suffix: openldap.suffix,
    unit: `passwords-${profile}-${process.pid}`,
    administrator: { dn: openldap.adminDn, password: openldap.adminPassword },
    agent: (settings) => ldapAgent(openldap, profile, settings),
    rdn: (name) => `uid=${name}`,
    account: inetOrgPerson,
  });
}

/**
 * Attributes by which products without a server here name an entry for good, under numbers of the test's own, and a
 * value for each account. The rest of what their profiles do, 389 speaks as they do.
 */
const productAnchors = {
  ibm: { definition: "( 1.3.6.1.4.1.99999.7.1 NAME 'ibm-entryUuid' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )" },
  edirectory: { definition: "( 1.3.6.1.4.1.99999.7.2 NAME 'GUID' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )" },
  domino: { definition: "( 1.3.6.1.4.1.99999.7.3 NAME 'dominoUNID' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )" },
} as const;

/** The profile of a product that no server is at hand for, over 389, which is taught the product's anchor. */
export function productScene(ds389: DirectoryServer389, profile: keyof typeof productAnchors): PasswordScene {
  const { definition } = productAnchors[profile];
  const anchor = /NAME '([^']+)'/.exec(definition)?.[1] ?? '';
  return new PasswordScene({
    server: ds389,
    suffix: ds389.suffix,
    unit: `passwords-${profile}-${process.pid}`,
    administrator: { dn: ds389.adminDn, password: ds389.adminPassword },
    attributeType: definition,
    agent: (settings) => ldapAgent(ds389, profile, settings),
    rdn: (name) => `cn=${name}`,
    account: (name, password) => {
      const entry = inetOrgPerson(name, password);
      const id = randomUUID();
      return {
        ...entry,
        objectClass: ['inetOrgPerson', 'extensibleObject'],
        [anchor]: [profile === 'edirectory' ? Buffer.from(id.replaceAll('-', ''), 'hex') : id],
      };
    },
  });
}

export function ds389Scene(ds389: DirectoryServer389): PasswordScene {
  return new PasswordScene({
    server: ds389,
    suffix: ds389.suffix,
    unit: `passwords-${process.pid}`,
    administrator: { dn: ds389.adminDn, password: ds389.adminPassword },
    agent: (settings) => ldapAgent(ds389, 'sun', settings),
    rdn: (name) => `cn=${name}`,
    account: inetOrgPerson,
  });
}
