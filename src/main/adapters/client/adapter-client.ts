import { connect } from 'node:net';

import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { AdapterLink } from '../protocol/adapter-link.ts';
import {
  type AdapterMessageInput,
  protocolVersion,
  type ServerMessage,
  serverMessageSchema,
} from '../protocol/adapter-message.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { SecretFrame } from '../protocol/secret-frames.ts';

type WithoutId<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;
/** A message that is answered. */
export type Request = WithoutId<Exclude<AdapterMessageInput, { type: 'hello' }>>;
export type Welcome = Extract<ServerMessage, { type: 'welcome' }>;
export type Answer = Exclude<ServerMessage, { type: 'welcome' } | { type: 'refused' }>;

/** An answer with the passwords that came with it; whoever takes it wipes them. */
export interface Answered {
  readonly answer: Answer;
  readonly newPassword: SecretBytes | undefined;
  readonly oldPassword: SecretBytes | undefined;
}

export interface AdapterIdentity {
  readonly socket: string;
  readonly adapter: string;
  readonly token: string;
  readonly software: string;
}

/** Milliseconds until a server has to answer a hello. */
const helloLimit = 10_000;

/** One session with the server, as an adapter has it. */
export class AdapterClient {
  readonly welcome: Welcome;
  readonly #link: AdapterLink;
  readonly #calls: Map<number, { resolve(answered: Answered): void; reject(error: Error): void }>;
  #lastId = 0;

  private constructor(
    link: AdapterLink,
    welcome: Welcome,
    calls: Map<number, { resolve(answered: Answered): void; reject(error: Error): void }>,
  ) {
    this.#link = link;
    this.welcome = welcome;
    this.#calls = calls;
  }

  /** Throws `ProtocolError` with the server's reason where it lets nobody in. */
  static open(identity: AdapterIdentity): Promise<AdapterClient> {
    const { socket: path, ...hello } = identity;
    const calls = new Map<number, { resolve(answered: Answered): void; reject(error: Error): void }>();
    return new Promise((resolve, reject) => {
      const link = new AdapterLink(connect(path), {
        frame: (frame) => {
          const message = parse(frame);
          if (message.type === 'refused') throw new ProtocolError(message.event, message.message);
          if (message.type === 'welcome') {
            clearTimeout(timer);
            resolve(new AdapterClient(link, message, calls));
            return;
          }
          const call = calls.get(message.id);
          calls.delete(message.id);
          if (call === undefined) throw new ProtocolError(10801, 'The server answered what nobody asked');
          call.resolve({ answer: message, newPassword: frame.newPassword, oldPassword: frame.oldPassword });
        },
        closed: (reason) => {
          clearTimeout(timer);
          reject(reason);
          for (const call of calls.values()) call.reject(reason);
          calls.clear();
        },
      });
      const timer = setTimeout(() => link.close(new Error('The server does not answer')), helloLimit);
      link.send({ type: 'hello', protocol: protocolVersion, ...hello });
    });
  }

  get isClosed(): boolean {
    return this.#link.isClosed;
  }

  /** Rejects when the link is lost before the answer. */
  ask(
    request: Request,
    secrets: { readonly newPassword?: SecretBytes; readonly oldPassword?: SecretBytes | undefined } = {},
  ): Promise<Answered> {
    if (this.#link.isClosed) return Promise.reject(new Error('The link to the server is closed'));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#link.send({ id, ...request }, secrets);
    });
  }

  close(reason = new Error('The adapter stops')): void {
    this.#link.close(reason);
  }
}

function parse(frame: SecretFrame): ServerMessage {
  const parsed = serverMessageSchema.safeParse(frame.line);
  if (parsed.success) return parsed.data;
  frame.newPassword?.wipe();
  frame.oldPassword?.wipe();
  throw new ProtocolError(10801, 'The server said something that is no message of this protocol');
}
