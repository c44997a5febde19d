import { createHash } from 'node:crypto';

import type { KerberosPort } from '#channel/kerberos-port.ts';
import { KerberosError } from '#directory/kerberos-error.ts';

const tlv = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const context = (number: number, ...parts: readonly Uint8Array[]): Buffer => tlv(0xa0 + number, ...parts);
const integer = (value: number): Buffer => tlv(2, Buffer.from([value]));
const text = (value: string): Buffer => tlv(0x1b, Buffer.from(value));

/** A token of the right shape (RFC 4120 5.5.1) whose sealed parts are plain. */
export function fakeToken(spn: string, principal: string, serial = 0): Uint8Array {
  const [service = '', host = ''] = spn.split('/');
  const name = tlv(0x30, context(0, integer(3)), context(1, tlv(0x30, text(service), text(host))));
  const ticket = tlv(
    0x61,
    tlv(
      0x30,
      context(0, integer(5)),
      context(1, text('FABRIKAM.LAB')),
      context(2, name),
      context(3, text('sealed')),
    ),
  );
  const options = tlv(3, Buffer.from([0, 0x20, 0, 0, 0]));
  const sealed = text(`${serial}:${principal}`);
  const request = tlv(
    0x6e,
    tlv(
      0x30,
      context(0, integer(5)),
      context(1, integer(14)),
      context(2, options),
      context(3, ticket),
      context(4, sealed),
    ),
  );
  const mechanism = Buffer.from('06092a864886f7120102020100', 'hex');
  return tlv(0x60, mechanism, request);
}

/** Kerberos for tests of the handshake: it proves nothing, but refuses what the real one refuses. */
export class FakeKerberos implements KerberosPort {
  readonly principal: string;
  readonly #seen = new Set<string>();
  #serial = 0;
  /** Set to fail the next call of this name. */
  failure: { readonly call: 'token' | 'accept' | 'finish'; readonly error: Error } | undefined;
  /** The service that tickets are taken for, where it differs from the one asked for. */
  ticketFor: string | undefined;
  reply: Uint8Array | undefined;

  constructor(principal = 'DC1$@FABRIKAM.LAB') {
    this.principal = principal;
  }

  async openInitiator({ spn }: { readonly spn: string }) {
    let sent = new Uint8Array();
    return {
      token: async () => {
        this.#throwDue('token');
        this.#serial += 1;
        sent = new Uint8Array(fakeToken(this.ticketFor ?? spn, this.principal, this.#serial));
        return sent;
      },
      finish: async (reply: Uint8Array) => {
        this.#throwDue('finish');
        if (!Buffer.from(reply).equals(replyTo(sent)))
          throw new KerberosError('not-mutual', `${spn} did not prove itself`);
      },
    };
  }

  async acceptToken({ token }: { readonly spn: string; readonly token: Uint8Array }) {
    this.#throwDue('accept');
    const words = Buffer.from(token).toString('latin1');
    if (this.#seen.has(words)) throw new KerberosError('replay', 'Kerberos: Request is a replay');
    this.#seen.add(words);
    const principal = /\d+:([^@]+@[A-Z.]+)$/.exec(words)?.[1];
    if (principal === undefined) throw new KerberosError('other', 'Kerberos: Invalid token was supplied');
    return { principal, reply: this.reply ?? replyTo(token) };
  }

  #throwDue(call: 'token' | 'accept' | 'finish'): void {
    if (this.failure?.call !== call) return;
    const { error } = this.failure;
    this.failure = undefined;
    throw error;
  }
}

function replyTo(token: Uint8Array): Buffer {
  return createHash('sha256').update(token).digest();
}
