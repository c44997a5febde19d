import { createHash } from 'node:crypto';

import { type ChannelSender, openSender } from '#channel/sender.ts';
import { messageOf } from '#shared/model/message-of.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import type { AuditSink } from '#sso/ports.ts';
import type { MasterSecret } from '#vault/master-secret.ts';
import { unpackKeys } from '#vault/packed-keys.ts';

import type { HeardServer } from './server-report.ts';

export interface SecretCourierParts {
  readonly secret: MasterSecret;
  readonly audit: AuditSink;
  /** The server that keeps the master secret, as it last told; undefined where it told nothing yet. */
  readonly keeper: () => { readonly name: string; readonly heard: HeardServer | undefined };
  /** Under which account this server asks, `account@REALM`. */
  readonly principal: () => string | undefined;
  readonly dial?: typeof openSender;
}

/**
 * Fetches the master secret from the server that keeps it, at each poll, and holds it in memory. While that server is
 * away, what is here goes on opening credentials, and nothing new is sealed.
 */
export class SecretCourier {
  readonly #parts: SecretCourierParts;
  #sender: { readonly to: string; readonly link: ChannelSender } | undefined;
  #fetching: Promise<void> | undefined;
  #digest: string | undefined;
  /** Why nothing can be sealed. */
  #obstacle: string | undefined = 'The master secret was not fetched yet';
  #told = false;

  constructor(parts: SecretCourierParts) {
    this.#parts = parts;
  }

  get obstacle(): string | undefined {
    return this.#obstacle;
  }

  /** Asks, or waits for the answer that is under way; never throws. */
  fetch(): Promise<void> {
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    const { secret, audit } = this.#parts;
    const { name } = this.#parts.keeper();
    try {
      using packed = await this.#request();
      const digest = createHash('sha256').update(packed.bytes).digest('hex');
      if (digest !== this.#digest) {
        await this.#adopt(packed);
        this.#digest = digest;
        await audit.record({
          event: 10529,
          message: `Master secret ${secret.status.current} came from ${name}`,
        });
      } else if (this.#told)
        await audit.record({ event: 10529, message: `${name} gives the master secret again` });
      this.#obstacle = undefined;
      this.#told = false;
    } catch (error) {
      await this.close();
      const why = messageOf(error);
      this.#obstacle = `${name}, which keeps the master secret, is away: nothing new can be sealed`;
      if (this.#told) return;
      this.#told = true;
      await audit.record(
        this.#digest === undefined
          ? { event: 10527, message: `${name} does not give the master secret: ${why}` }
          : { event: 10532, message: `${this.#obstacle}; look-ups go on: ${why}` },
      );
    }
  }

  async close(): Promise<void> {
    const link = this.#sender?.link;
    this.#sender = undefined;
    await link?.close();
  }

  async #adopt(packed: SecretBytes): Promise<void> {
    const keys = unpackKeys(packed);
    try {
      await this.#parts.secret.adopt(keys);
    } finally {
      for (const { key } of keys) key.wipe();
    }
  }

  async #request(): Promise<SecretBytes> {
    const { name, heard } = this.#parts.keeper();
    const channel = heard?.report.channel;
    if (channel === undefined) throw new Error(`${name} has not said where it listens`);
    const { host, port, spn, fingerprint } = channel;
    if (shortName(spn.slice(spn.indexOf('/') + 1)) !== shortName(name))
      throw new Error(`${spn} is not the name of ${name}`);
    const to = JSON.stringify(channel);
    if (this.#sender !== undefined && this.#sender.to !== to) await this.close();
    if (this.#sender === undefined) {
      const { dial = openSender, principal } = this.#parts;
      // The name comes through the database; Kerberos proves that the key belongs to the account of that name.
      const link = await dial({ host, port, pin: fingerprint, spn, principal: principal() });
      this.#sender = { to, link };
    }
    return await this.#sender.link.requestSecret();
  }
}

function shortName(host: string): string {
  return (host.split('.')[0] ?? '').toLowerCase();
}
