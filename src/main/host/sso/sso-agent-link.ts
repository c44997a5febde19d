import type { MappingNames, SsoServerLink } from '#agents/entsso/sso-server-link.ts';
import { type ChannelSender, openSender } from '#channel/sender.ts';
import { diagnoseSpn } from '#channel/spn-diagnosis.ts';
import { getTicket } from '#directory/get-ticket.ts';
import { KerberosError } from '#directory/kerberos-error.ts';
import type { EngineEvent } from '#engine/event-sink.ts';
import type { SsoAgent } from '#shared/model/agent.ts';
import type { TrackingId } from '#shared/model/change.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';
import type { Port } from '#shared/rpc/port.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { isSameAccount } from '#sso/caller.ts';

import { realmOf } from '../channel/domain-proofs.ts';
import { dialRemote } from '../remote/dial-remote.ts';
import { version } from '../version.ts';
import type { Domain } from './domain-directory.ts';
import type { MappingDesk } from './mapping-desk.ts';
import { passwordFailureOf } from './password-failure-of.ts';
import { RemoteMappings } from './remote-mappings.ts';

/** A ticket is renewed long before the usual ten hours are over, milliseconds. */
const ticketLifetime = 3_600_000;

/** The engine keeps its queue to itself. */
const nothingQueued = { queued: 0, oldest: undefined, lastCaptured: undefined } as const;

/** The listener of this very service, where it is the server that an agent connects to. */
export interface OwnListener {
  readonly host: string;
  readonly port: number;
  readonly fingerprint: string;
}

export interface SsoAgentLinkParts {
  readonly hostName: string;
  readonly credential: (agent: string) => Promise<SecretBytes>;
  readonly domains: () => readonly Domain[];
  /** Undefined where this service is not the server with that name, or does not listen. */
  readonly ownListener: (connectTo: string) => OwnListener | undefined;
  /** Undefined where another service keeps the credential database, which is reached over its remote access then. */
  readonly mappings: (connectTo: string) => MappingDesk | undefined;
  readonly now: () => number;
  readonly record: (event: EngineEvent) => void;
}

/** The way of one agent to its single sign-on server: Kerberos to `ENTSSO/<Connect To>`, and mappings. */
export class SsoAgentLink implements SsoServerLink {
  readonly #agent: SsoAgent;
  readonly #parts: SsoAgentLinkParts;
  readonly #remote = new RemoteMappings(() => this.#dialRemote());
  #sender: { readonly address: string; readonly sender: Promise<ChannelSender> } | undefined;
  #ticketAt = 0;
  #isAway = false;
  /** The collection that the ticket went to: another keytab begins a new one. */
  #ticketIn: string | undefined;

  constructor(agent: SsoAgent, parts: SsoAgentLinkParts) {
    this.#agent = agent;
    this.#parts = parts;
  }

  async hand(
    change: Parameters<SsoServerLink['hand']>[0],
    password: SecretBytes,
    signal: AbortSignal,
  ): Promise<void> {
    const { hostName, now } = this.#parts;
    const at = now();
    const trackingId = change.trackingId as TrackingId;
    await this.#attempt(signal, async (sender) => {
      const times = { capturedAt: at, queuedAt: at, sentAt: at, version: 0 };
      await sender.send({ ...change, ...times, trackingId, sourceServer: hostName }, password);
    });
  }

  async probe(signal: AbortSignal): Promise<void> {
    const { hostName } = this.#parts;
    await this.#attempt(signal, async (sender) => {
      await sender.heartbeat({ host: hostName, productVersion: version, ...nothingQueued });
    });
  }

  async createMapping(mapping: MappingNames): Promise<void> {
    const { connectTo, user } = this.#agent.connection;
    const desk = this.#parts.mappings(connectTo);
    await (desk === undefined ? this.#remote.create(mapping) : desk.create(user, mapping));
  }

  async deleteMapping(mapping: MappingNames): Promise<void> {
    const { connectTo, user } = this.#agent.connection;
    const desk = this.#parts.mappings(connectTo);
    await (desk === undefined ? this.#remote.delete(mapping) : desk.delete(user, mapping));
  }

  async close(): Promise<void> {
    const open = this.#sender;
    this.#sender = undefined;
    const sender = await open?.sender.catch(() => undefined);
    await Promise.all([sender?.close(), this.#remote.close()]);
  }

  /** To the remote access of the server, which knows the account by the same tickets. */
  async #dialRemote(): Promise<Port> {
    await this.#signIn();
    const { connectTo, administrationPort, administrationFingerprint, caFile, connectTimeout } =
      this.#agent.connection;
    const { port } = await dialRemote({
      address: { host: connectTo, port: administrationPort },
      trust:
        administrationFingerprint === undefined
          ? { serverName: connectTo, caFile }
          : { pin: administrationFingerprint },
      purpose: 'program',
      principal: this.#principal,
      signal: AbortSignal.timeout(connectTimeout * 1000),
    });
    return port;
  }

  async #attempt(signal: AbortSignal, work: (sender: ChannelSender) => Promise<void>): Promise<void> {
    const { connectTo } = this.#agent.connection;
    const { promise, reject } = Promise.withResolvers<never>();
    const onAbort = (): void =>
      reject(new PasswordFailure('timeout', `${connectTo} did not answer in time`, { certainty: 'unknown' }));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const trying = this.#open().then(work);
      trying.catch(() => undefined);
      await Promise.race([trying, promise]);
      this.#isAway = false;
    } catch (error) {
      const failure = passwordFailureOf(error, connectTo);
      this.#tellAway(failure);
      throw failure;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Once an outage. */
  #tellAway(failure: unknown): void {
    if (!(failure instanceof PasswordFailure) || this.#isAway) return;
    if (failure.word !== 'server-down' && failure.word !== 'timeout') return;
    this.#isAway = true;
    const { record, now } = this.#parts;
    record({ number: 10749, at: now(), agent: this.#agent.id, message: failure.message });
  }

  /** A connection is kept while the listener stays where it was. */
  async #open(): Promise<ChannelSender> {
    await this.#signIn();
    const { connectTo, port, fingerprint, caFile, connectTimeout } = this.#agent.connection;
    const own = this.#parts.ownListener(connectTo);
    const pin = fingerprint ?? own?.fingerprint;
    const address = JSON.stringify([own, pin]);
    if (this.#sender !== undefined && this.#sender.address !== address) await this.close();
    this.#sender ??= {
      address,
      sender: openSender({
        host: own?.host ?? connectTo,
        port: own?.port ?? port,
        ...(pin === undefined ? { serverName: connectTo, caFile } : { pin }),
        spn: `ENTSSO/${connectTo}`,
        principal: this.#principal,
        timeouts: { connect: connectTimeout * 1000 },
        diagnose: (spn) => this.#diagnose(spn),
      }),
    };
    const { sender } = this.#sender;
    return await sender.catch((error: unknown) => {
      if (this.#sender?.sender === sender) this.#sender = undefined;
      throw error;
    });
  }

  /** A keytab renews by itself; a password is asked for again now and then. */
  async #signIn(): Promise<void> {
    const { id, connection } = this.#agent;
    if (connection.keytab !== undefined) return;
    const { now, credential } = this.#parts;
    const isFresh = now() - this.#ticketAt < ticketLifetime;
    if (isFresh && this.#ticketIn === process.env['KRB5CCNAME']) return;
    using password = await credential(id);
    await getTicket(this.#principal, password);
    this.#ticketAt = now();
    this.#ticketIn = process.env['KRB5CCNAME'];
  }

  /** `name@REALM` of the account that the agent signs in as. */
  get #principal(): string {
    const { user } = this.#agent.connection;
    const [name = '', suffix] = user.split('@');
    if (suffix !== undefined) return `${name}@${suffix.toUpperCase()}`;
    const [domainName = '', account = ''] = user.split('\\');
    const domain = this.#parts.domains().find((one) => isSameAccount(one.name, domainName));
    if (domain !== undefined) return `${account}@${realmOf(domain.dn)}`;
    throw new PasswordFailure('ma-not-configured', `No management agent knows the domain of ${user}`, {
      fix: `Write the user as name@domain, or create an Active Directory agent for ${domainName}.`,
    });
  }

  async #diagnose(spn: string) {
    const [domain] = this.#parts.domains();
    if (domain === undefined) throw new KerberosError('other', 'No Active Directory agent to ask');
    const { dn: baseDn, name } = domain;
    const question = { spn, baseDn, domain: name, now: this.#parts.now() };
    return (await diagnoseSpn(await domain.connect(), question)).finding;
  }
}
