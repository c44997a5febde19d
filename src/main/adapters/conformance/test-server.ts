import { createServer, type Server } from 'node:net';

import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { AdapterLink } from '../protocol/adapter-link.ts';
import { type AdapterMessage, adapterMessageSchema, protocolVersion } from '../protocol/adapter-message.ts';
import type { SecretFrame } from '../protocol/secret-frames.ts';

export interface TestServerOptions {
  readonly path: string;
  readonly token: string;
  /** Milliseconds that an adapter may take for each answer. */
  readonly timeout: number;
}

type Kind = AdapterMessage['type'];

/** A server that an adapter is tested against: it does what the check at hand wants, and nothing else. */
export class TestServer {
  readonly path: string;
  readonly #options: TestServerOptions;
  readonly #server: Server;
  readonly #links = new Set<AdapterLink>();
  readonly #ready: TestSession[] = [];
  #wake: (() => void) | undefined;
  #problem: Error | undefined;

  constructor(options: TestServerOptions) {
    this.path = options.path;
    this.#options = options;
    this.#server = createServer((socket) => {
      let session: TestSession | undefined;
      const link = new AdapterLink(socket, {
        frame: (frame) => {
          const parsed = adapterMessageSchema.safeParse(frame.line);
          if (!parsed.success) {
            const where = parsed.error.issues.map(
              ({ path, message }) => `${path.join('.') || 'message'}: ${message}`,
            );
            throw new Error(`it sent a message that is not well formed (${where.join('; ')})`);
          }
          if (session !== undefined) session.hear(parsed.data, frame);
          else {
            this.#admit(parsed.data);
            session = new TestSession(link, options.timeout);
            this.#ready.push(session);
            this.#wake?.();
          }
        },
        closed: (reason) => {
          this.#links.delete(link);
          session?.end(reason);
          if (session === undefined) this.#problem = reason;
        },
      });
      this.#links.add(link);
    });
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.path, resolve);
    });
  }

  /** The next session that an adapter opens. */
  async nextSession(): Promise<TestSession> {
    const deadline = Date.now() + this.#options.timeout;
    for (;;) {
      const session = this.#ready.shift();
      if (session !== undefined) return session;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(this.#problem?.message ?? 'nobody connected');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const link of this.#links) link.close(new Error('The test is over'));
    await closed;
  }

  #admit(message: AdapterMessage): void {
    if (message.type !== 'hello') throw new Error(`its first message was "${message.type}"`);
    if (message.token !== this.#options.token)
      throw new Error('it showed another token than the one in its file');
  }
}

/** One session of the adapter under test. */
export class TestSession {
  readonly #link: AdapterLink;
  readonly #timeout: number;
  /** Messages that no check has looked at yet. */
  readonly #heard: AdapterMessage[] = [];
  /** Everything that was said, as it came. */
  readonly #said: string[] = [];
  /** Calls of `receive` that wait. */
  readonly #receives: number[] = [];
  #wake: (() => void) | undefined;
  #ended: Error | undefined;

  constructor(link: AdapterLink, timeout: number) {
    this.#link = link;
    this.#timeout = timeout;
    link.send({
      type: 'welcome',
      protocol: protocolVersion,
      session: 'conformance',
      reconnected: false,
      maxPending: 8,
      keepAliveSeconds: 60,
      properties: {},
      sendsChanges: true,
      receivesChanges: true,
      needsOldPassword: false,
    });
  }

  hear(message: AdapterMessage, frame: SecretFrame): void {
    this.#said.push(JSON.stringify(frame.line));
    frame.newPassword?.wipe();
    frame.oldPassword?.wipe();
    if (message.type === 'receive') {
      if (message.wait) this.#receives.push(message.id);
      else this.#link.send({ type: 'notification', id: message.id, kind: 'none' });
    } else {
      // What it captures on its own is no matter of these checks.
      if (message.type === 'report') this.#accept(message.id);
      this.#heard.push(message);
    }
    this.#wake?.();
  }

  end(reason: Error): void {
    this.#ended = reason;
    this.#wake?.();
  }

  async expectReceive(): Promise<void> {
    await this.#until(() => (this.#receives.length > 0 ? true : undefined), 'no receive came');
  }

  async askStatus(): Promise<void> {
    await this.#give({ kind: 'status-request' });
    const { id } = await this.#next('status');
    this.#accept(id);
  }

  async giveChange(notification: number, externalAccount: string, password: SecretBytes): Promise<void> {
    await this.#give(
      {
        kind: 'password-change',
        notification,
        trackingId: '00000000-0000-4000-8000-000000000000',
        application: 'conformance',
        externalAccount,
        timestamp: Date.now(),
      },
      password,
    );
  }

  async giveUnknown(): Promise<void> {
    await this.#give({ kind: 'something-new' });
  }

  /** An adapter may fail to set the password, but has to say so, and once. */
  async expectConfirmation(notification: number, { refuse = false } = {}): Promise<void> {
    const message = await this.#next('confirm');
    if (message.type !== 'confirm' || message.notification !== notification)
      throw new Error(
        `it confirmed ${'notification' in message ? message.notification : '?'} instead of ${notification}`,
      );
    if (refuse)
      this.#link.send({
        type: 'result',
        id: message.id,
        ok: false,
        event: 10817,
        message: 'Refused by the test',
      });
    else this.#accept(message.id);
    // It fetches the next one before it has anything to confirm again.
    await this.expectReceive();
    if (this.#heard.some(({ type }) => type === 'confirm')) throw new Error('it confirmed twice');
  }

  requireNoLeak(password: SecretBytes): void {
    // The test's own password, made for it: it may become a string.
    const text = Buffer.from(password.bytes).toString('utf8');
    const forms = [text, Buffer.from(text).toString('base64'), JSON.stringify(text).slice(1, -1)];
    const leak = this.#said.find((line) => forms.some((form) => line.includes(form)));
    if (leak !== undefined) throw new Error('a line of it held the password');
  }

  /** Ends the link without a word. */
  drop(): void {
    this.#link.close(new Error('The test dropped the link'));
  }

  async shutDown(): Promise<void> {
    await this.#give({ kind: 'shutdown' });
    await this.#until(() => (this.#ended === undefined ? undefined : true), 'it stayed', { mayEnd: true });
  }

  async #give(notification: object, newPassword?: SecretBytes): Promise<void> {
    await this.expectReceive();
    const id = this.#receives.shift() ?? 0;
    this.#link.send({ type: 'notification', id, ...notification }, { newPassword });
  }

  #accept(id: number): void {
    this.#link.send({ type: 'result', id, ok: true });
  }

  async #next(kind: Exclude<Kind, 'hello' | 'receive'>): Promise<Extract<AdapterMessage, { id: number }>> {
    return this.#until(() => {
      const at = this.#heard.findIndex(({ type }) => type === kind);
      const [found] = at === -1 ? [] : this.#heard.splice(at, 1);
      return found?.type === 'hello' ? undefined : found;
    }, `no ${kind} came`);
  }

  async #until<T>(find: () => T | undefined, otherwise: string, { mayEnd = false } = {}): Promise<T> {
    const deadline = Date.now() + this.#timeout;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.#ended !== undefined && !mayEnd) throw new Error(`${otherwise}; ${this.#ended.message}`);
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(otherwise);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
