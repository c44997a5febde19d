import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';
import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import { findSessionObstacle } from '#sso/synchronization/direction-rules.ts';

import { AdapterLink } from '../protocol/adapter-link.ts';
import { type AdapterMessage, adapterMessageSchema, protocolVersion } from '../protocol/adapter-message.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { SecretFrame } from '../protocol/secret-frames.ts';
import type { AdapterServerParts } from './adapter-server-parts.ts';
import { AdapterSession } from './adapter-session.ts';
import { AdapterTokens } from './adapter-tokens.ts';

/** Connections at the same time, and how long one may stay without a word, milliseconds. */
const connectionLimit = 64;
const strangerLimit = 10_000;

export interface AdapterSessionState {
  readonly adapter: string;
  readonly session: string;
  readonly software: string;
  readonly openedAt: number;
  readonly heardAt: number;
  readonly pending: number;
}

/** Lets adapters in on a local socket. One adapter has one session: who comes again takes the place of who was there. */
export class AdapterServer {
  readonly tokens: AdapterTokens;
  readonly #parts: AdapterServerParts;
  readonly #server: Server;
  readonly #links = new Set<AdapterLink>();
  /** By adapter in lower case. */
  readonly #sessions = new Map<string, { readonly session: AdapterSession; readonly link: AdapterLink }>();
  #stopping = false;

  constructor(parts: AdapterServerParts) {
    this.#parts = parts;
    this.tokens = new AdapterTokens(parts.directory);
    this.#server = createServer((socket) => this.#meet(socket));
    this.#server.maxConnections = connectionLimit;
  }

  /** Where adapters connect to. */
  get path(): string {
    return adapterSocketIn(this.#parts.directory);
  }

  get sessions(): readonly AdapterSessionState[] {
    const { desk } = this.#parts.synchronization;
    return [...this.#sessions.values()].map(({ session }) => ({
      adapter: session.adapter.name,
      session: session.id,
      software: session.software,
      openedAt: session.openedAt,
      heardAt: session.heardAt,
      pending: desk.pendingCount(session.adapter.name),
    }));
  }

  async start(): Promise<void> {
    await this.refresh().catch((error: unknown) => {
      // A database that is away is followed when it is back; adapters with a token of before may knock meanwhile.
      if (!(error instanceof AppError) || error.code !== 'unavailable') throw error;
    });
    mkdirSync(this.#parts.directory, { recursive: true, mode: 0o700 });
    if (process.platform !== 'win32') rmSync(this.path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.path, resolve);
    });
    // Whoever reaches the folder may knock; the token decides who comes in.
    if (process.platform !== 'win32') chmodSync(this.path, 0o666);
  }

  /** Follows the definitions: tokens, sessions that have no work any more, and what group adapters are told. */
  async refresh(): Promise<void> {
    const adapters = await this.#parts.synchronization.ports.database.adapters.list();
    this.tokens.prepare(adapters.map(({ name }) => name));
    for (const [key, { session }] of this.#sessions) {
      const before = session.adapter;
      const after = adapters.find(({ name }) => name.toLowerCase() === key);
      if (before.kind !== 'group-adapter' || after === undefined) session.update(after);
    }
    for (const { session } of this.#sessions.values()) {
      if (session.adapter.kind !== 'group-adapter') continue;
      const members = membersOf(session.adapter.name, adapters);
      const known = this.#told.get(session.id) ?? [];
      for (const adapter of members)
        if (!known.includes(adapter)) session.tell({ kind: 'add-adapter', adapter });
      for (const adapter of known)
        if (!members.includes(adapter)) session.tell({ kind: 'delete-adapter', adapter });
      this.#told.set(session.id, members);
      session.update(adapters.find(({ name }) => name === session.adapter.name));
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const link of this.#links) link.close(new Error('The server stops'));
    await closed;
  }

  /** Members that each session of a group adapter knows of. */
  readonly #told = new Map<string, readonly string[]>();

  #meet(socket: Socket): void {
    let session: AdapterSession | undefined;
    let isAdmitting = false;
    const link = new AdapterLink(socket, {
      frame: (frame) => {
        const work = (): Promise<void> => {
          const message = parse(frame);
          if (session !== undefined && message.type !== 'hello') return session.hear(message, frame);
          if (session !== undefined || isAdmitting || message.type !== 'hello')
            throw new ProtocolError(10800, `"${message.type}" is out of place here`);
          isAdmitting = true;
          cancelStranger();
          return this.#admit(message, link).then((admitted) => {
            session = admitted;
          });
        };
        run(work, frame, (error) => this.#refuse(link, error));
      },
      closed: (reason) => {
        cancelStranger();
        this.#links.delete(link);
        if (session !== undefined) this.#lose(session, link, reason);
      },
    });
    this.#links.add(link);
    const cancelStranger = this.#parts.synchronization.ports.clock.schedule(strangerLimit, () =>
      link.close(new Error('It did not say who it is')),
    );
  }

  async #admit(hello: AdapterMessage & { type: 'hello' }, link: AdapterLink): Promise<AdapterSession> {
    const { synchronization, keepAliveSeconds, stateChanged } = this.#parts;
    const { ports, desk } = synchronization;
    const adapter = await this.#requireAdmissible(hello);
    const key = adapter.name.toLowerCase();
    const before = this.#sessions.get(key);
    const session = new AdapterSession({
      id: ports.newTrackingId(),
      adapter,
      software: hello.software,
      link,
      parts: this.#parts,
    });
    this.#sessions.set(key, { session, link });
    if (before !== undefined) {
      const takenOver = new ProtocolError(10802, `Another session of "${adapter.name}" took its place`);
      before.link.close(takenOver);
      const { event, message } = takenOver;
      await ports.audit.record({ event, message, adapter: adapter.name, trackingId: before.session.id });
    }
    await desk.release(adapter.name);
    link.send({
      type: 'welcome',
      protocol: protocolVersion,
      session: session.id,
      reconnected: before !== undefined,
      maxPending: adapter.maxPending,
      keepAliveSeconds,
      properties: adapter.properties,
      sendsChanges: adapter.sendChanges,
      receivesChanges: adapter.receiveChanges,
      needsOldPassword: adapter.receiveChanges && adapter.verifyOldPassword,
    });
    await ports.audit.record({
      event: 10744,
      message: `The adapter "${adapter.name}" is online`,
      adapter: adapter.name,
      trackingId: session.id,
    });
    stateChanged(adapter.name, 'online', hello.software);
    if (adapter.kind === 'group-adapter') {
      const members = membersOf(adapter.name, await ports.database.adapters.list());
      this.#told.set(session.id, members);
      session.tell({ kind: 'adapters-in-group', adapters: [...members] });
    }
    return session;
  }

  async #requireAdmissible({
    adapter: name,
    token,
  }: AdapterMessage & { type: 'hello' }): Promise<SsoAdapter> {
    const { database, settings } = this.#parts.synchronization.ports;
    const adapter = await database.adapters.find(name);
    if (adapter === undefined) {
      const isOther =
        (await database.applications.find(name)) !== undefined ||
        (await database.filters.find(name)) !== undefined;
      if (isOther) throw new ProtocolError(10705, `"${name}" is no password sync adapter`);
      throw new ProtocolError(10822, `No password sync adapter "${name}"`);
    }
    this.tokens.require(adapter.name, token);
    const { system, hostName } = settings();
    if (!system.enabled) throw new ProtocolError(10754, 'Single sign-on is disabled');
    if (adapter.computer.toLowerCase() !== hostName.toLowerCase())
      throw new ProtocolError(
        10804,
        `"${adapter.name}" belongs to ${adapter.computer}, and this is ${hostName}`,
      );
    const obstacle = findSessionObstacle(system, adapter);
    if (obstacle !== undefined)
      throw new ProtocolError(obstacle.event, `${obstacle.message}. ${obstacle.fix}`);
    return adapter;
  }

  #refuse(link: AdapterLink, error: unknown): void {
    const { audit, report } = this.#parts.synchronization.ports;
    if (error instanceof ProtocolError) {
      audit.record({ event: error.event, message: error.message }).catch(report);
      link.send({ type: 'refused', event: error.event, message: error.message });
      link.close(error);
      return;
    }
    report(error);
    link.send({ type: 'refused', event: 10785, message: 'The server cannot let anybody in at present' });
    link.close(error instanceof Error ? error : new Error(String(error)));
  }

  #lose(session: AdapterSession, link: AdapterLink, reason: Error): void {
    session.end();
    this.#told.delete(session.id);
    const { name } = session.adapter;
    const key = name.toLowerCase();
    const { ports, desk } = this.#parts.synchronization;
    if (this.#sessions.get(key)?.link !== link) return;
    this.#sessions.delete(key);
    if (this.#stopping) return;
    this.#parts.stateChanged(name, 'not-running', reason.message);
    const event = session.isSilent ? 10748 : 10745;
    const message = `The adapter "${name}" is offline: ${reason.message}`;
    Promise.all([desk.release(name), ports.audit.record({ event, message, adapter: name })]).catch(
      ports.report,
    );
  }
}

/** Where adapters find the socket in their folder. */
export function adapterSocketIn(directory: string): string {
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\carillon-adapters-${Buffer.from(directory).toString('hex').slice(-64)}`
    : join(directory, 'socket');
}

function membersOf(group: string, adapters: readonly SsoAdapter[]): readonly string[] {
  return adapters
    .filter((adapter) => adapter.enabled && adapter.group?.toLowerCase() === group.toLowerCase())
    .map(({ name }) => name);
}

function parse(frame: SecretFrame): AdapterMessage {
  const parsed = adapterMessageSchema.safeParse(frame.line);
  if (parsed.success) return parsed.data;
  const { line } = frame;
  const type = typeof line === 'object' && line !== null && 'type' in line ? String(line.type) : '';
  const known = adapterMessageSchema.options.some((option) => option.shape.type.value === type);
  // Only which field: what it held may be a secret that went the wrong way.
  const fields = parsed.error.issues.map(({ path }) => path.join('.')).filter((path) => path !== '');
  throw known
    ? new ProtocolError(10801, `The message "${type}" is not well formed: ${fields.join(', ')}`)
    : new ProtocolError(10747, `Nobody knows the message "${type.slice(0, 64)}"`);
}

function run(work: () => Promise<void>, frame: SecretFrame, failed: (error: unknown) => void): void {
  const attempt = async (): Promise<void> => {
    try {
      await work();
    } finally {
      wipe(frame);
    }
  };
  attempt().catch(failed);
}

function wipe({ newPassword, oldPassword }: SecretFrame): void {
  newPassword?.wipe();
  oldPassword?.wipe();
}
