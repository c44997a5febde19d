import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { expect, vi } from 'vitest';
import { type ChannelSender, openSender } from '#channel/sender.ts';
import { formatGuid } from '#directory/guid.ts';
import { openLdap } from '#directory/ldap-connection.ts';
import { bytesOf } from '#directory/search-entry.ts';
import { agentNames, fabrikamConfiguration, fullProfile } from '#lab/fabrikam-configuration.ts';
import { addServiceAccount, exportKeytab } from '#lab/kerberos-realm.ts';
import { runSambaTool } from '#lab/samba-domain.ts';
import { type TrackingId, trackingIdSchema } from '#shared/model/change.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import type { SharedLab } from '#test/shared-lab.ts';

import { ServiceProcess } from './service-process.ts';

const sourcePassword = 'Lab-Source-2!';
export const poll = { timeout: 30_000, interval: 200 };
export const newPassword = () => `Pw-${randomUUID()}-ß!`;

export interface ControllerSceneOptions {
  readonly lab: Pick<SharedLab, 'samba' | 'openldap' | 'ds389'>;
  /** Tells the accounts of this scene from those of others. */
  readonly name: string;
  /** Changes the configuration before the service starts. */
  readonly configure?: (configuration: ReturnType<typeof fabrikamConfiguration>) => unknown;
  readonly service?: ServiceProcess;
}

/** A service in a process of its own with the three agents imported and joined, and a domain controller that calls it. */
export class ControllerScene {
  readonly service: ServiceProcess;
  readonly #options: ControllerSceneOptions;
  #guids: ReadonlyMap<string, string> = new Map();
  #sender: ChannelSender | undefined;

  constructor(options: ControllerSceneOptions) {
    this.#options = options;
    this.service = options.service ?? new ServiceProcess();
  }

  get spn(): string {
    return `PCNSCLNT/${this.#options.name}.fabrikam.lab`;
  }

  get sender(): ChannelSender {
    if (this.#sender === undefined) throw new Error('The domain controller has not called yet');
    return this.#sender;
  }

  async start(): Promise<void> {
    const { lab, configure = (configuration) => configuration } = this.#options;
    const { samba, openldap, ds389 } = lab;
    const [service = '', source = ''] = this.#accounts;
    const { spn } = this;
    await addServiceAccount(samba, {
      name: service,
      password: 'Lab-Scene-1!',
      servicePrincipalNames: [spn],
    });
    await addServiceAccount(samba, { name: source, password: sourcePassword, servicePrincipalNames: [] });
    const keytab = join(this.service.dataDirectory, 'service.keytab');
    await exportKeytab(samba, keytab, spn);
    const sourceAccount = `${source}@${samba.realm.toLowerCase()}`;
    this.service.configure(configure(fabrikamConfiguration({ lab, keytab, spn, sourceAccount })));
    await this.service.start();
    for (const [agent, password] of [
      [agentNames.source, sourcePassword],
      [agentNames.openldap, openldap.servicePassword],
      [agentNames.ds389, ds389.servicePassword],
    ] as const)
      await this.ask(['agents', 'set-password', agent], `${password}\n`);
    for (const agent of Object.values(agentNames)) await this.ask(['run', agent, fullProfile]);
    this.#guids = await this.#readGuids();
    const tickets = join(this.service.dataDirectory, 'tickets');
    mkdirSync(tickets, { mode: 0o700 });
    process.env['KRB5_CLIENT_KTNAME'] = `FILE:${samba.secretsKeytab}`;
    process.env['KRB5CCNAME'] = `DIR:${tickets}`;
    await this.callAgain();
  }

  async dispose(): Promise<void> {
    await this.#sender?.close();
    await this.service.dispose();
    for (const name of this.#accounts) await runSambaTool(this.#options.lab.samba, ['user', 'delete', name]);
  }

  /** One command with `--json`; fails the test where the command fails. */
  async ask<T = unknown>(args: readonly string[], stdin = ''): Promise<T> {
    const { code, stdout, stderr } = await this.service.carillonHere([...args, '--json'], stdin);
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    return JSON.parse(stdout) as T;
  }

  /** Calls with the domain controller's own account; the port is another after each start of the service. */
  async callAgain(): Promise<void> {
    await this.#sender?.close();
    // Not by command line: many tests call again, and a process each would be most of their time.
    // A configuration is in force at once; its listener opens a moment later.
    const channel = await vi.waitFor(
      async () => {
        const { channel: now } = await this.service.call('system.status', {});
        expect(now).toMatchObject({ state: 'listening', spn: this.spn });
        return now;
      },
      { timeout: 20_000, interval: 50 },
    );
    this.#sender = await openSender({
      host: '127.0.0.1',
      port: channel.port ?? 0,
      pin: channel.fingerprint ?? '',
      spn: this.spn,
      principal: `DC1$@${this.#options.lab.samba.realm}`,
    });
  }

  /** Hands over a change of the account, as its domain controller would. */
  async change(
    account: string,
    password: string,
    given: { readonly objectGuid?: string; readonly trackingId?: TrackingId; readonly at?: number } = {},
  ): Promise<TrackingId> {
    const trackingId = given.trackingId ?? trackingIdSchema.parse(randomUUID());
    const at = given.at ?? Date.now();
    using secret = SecretBytes.take(new TextEncoder().encode(password));
    await this.sender.send(
      {
        trackingId,
        domain: this.#options.lab.samba.netbios,
        account,
        objectGuid: given.objectGuid ?? this.#guids.get(account) ?? '',
        sourceServer: 'dc1.fabrikam.lab',
        capturedAt: at,
        committedAt: at,
        queuedAt: at,
        sentAt: at,
        version: 0,
      },
      secret,
    );
    return trackingId;
  }

  /** Outcome, or state where there is none yet, by target. */
  async outcomes(trackingId: TrackingId): Promise<Readonly<Record<string, string>>> {
    const { deliveries } = await this.service.call('changes.trace', { trackingId });
    return Object.fromEntries(
      deliveries.map(({ agentName, outcome, state }) => [agentName, outcome ?? state]),
    );
  }

  get #accounts(): readonly string[] {
    return [`svc-${this.#options.name}`, `svc-${this.#options.name}-adma`];
  }

  async #readGuids(): Promise<ReadonlyMap<string, string>> {
    const { samba } = this.#options.lab;
    const connection = await openLdap({ url: samba.ldapsUrl, caFile: samba.caFile, connectTimeout: 5000 });
    using password = SecretBytes.take(new TextEncoder().encode(samba.adminPassword));
    await connection.bindSimple(`${samba.adminUser}@${samba.realm.toLowerCase()}`, password);
    const entries = await connection.searchEntries({
      base: `OU=People,${samba.baseDn}`,
      scope: 'sub',
      filter: '(objectClass=user)',
      attributes: ['sAMAccountName', 'objectGUID'],
    });
    await connection.close();
    const text = new TextDecoder();
    return new Map(
      entries.map((entry) => [
        text.decode(bytesOf(entry, 'sAMAccountName')),
        formatGuid(bytesOf(entry, 'objectGUID') ?? new Uint8Array()),
      ]),
    );
  }
}
