import { BerReader } from '#directory/ber-reader.ts';

/** Tags of RFC 2743 3.1 and RFC 4120 5.3, 5.5.1; [n] is context-specific and constructed. */
const tag = {
  sequence: 0x30,
  oid: 0x06,
  /** The token id 01 00 of RFC 4121 4.1 has the shape of an empty BOOLEAN. */
  tokenId: 0x01,
  generalString: 0x1b,
  initialToken: 0x60,
  ticket: 0x61,
  apRequest: 0x6e,
  context: (number: number) => 0xa0 + number,
} as const;

/**
 * The service that the ticket in a Kerberos token was issued for, `class/host`; undefined where the token is none.
 * This name is not sealed: an honest sender's is right, a forger's may say anything.
 */
export function ticketService(token: Uint8Array): string | undefined {
  try {
    const outer = new BerReader(token).enter(tag.initialToken);
    outer.bytes(tag.oid);
    outer.bytes(tag.tokenId);
    const request = outer.enter(tag.apRequest).enter(tag.sequence);
    // pvno, msg-type, ap-options
    for (const number of [0, 1, 2]) request.bytes(tag.context(number));
    const ticket = request.enter(tag.context(3)).enter(tag.ticket).enter(tag.sequence);
    // tkt-vno, realm
    for (const number of [0, 1]) ticket.bytes(tag.context(number));
    const name = ticket.enter(tag.context(2)).enter(tag.sequence);
    name.bytes(tag.context(0));
    const parts = name.enter(tag.context(1)).enter(tag.sequence);
    const [service, host] = [parts.text(tag.generalString), parts.text(tag.generalString)];
    return parts.more ? undefined : `${service}/${host}`;
  } catch {
    return undefined;
  }
}
