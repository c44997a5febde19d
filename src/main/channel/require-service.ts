import { ChannelError } from './channel-error.ts';
import { ticketService } from './ticket-service.ts';

/** Throws `ChannelError` unless the name that a sender asks for is the one that is served. */
export function requireService(served: string, wanted: string): void {
  const [ours, theirs] = [split(served), split(wanted)];
  if (ours.service !== theirs.service || ours.host !== theirs.host) {
    const isOtherForm = ours.service === theirs.service && firstLabel(ours.host) === firstLabel(theirs.host);
    throw new ChannelError(
      isOtherForm ? 'spn-form' : 'wrong-service',
      `The sender wants ${wanted}, this receiver is ${served}`,
    );
  }
}

/**
 * Throws `ChannelError` unless the ticket was issued for the name that is served. One account's names share one key,
 * so that Kerberos itself would take a ticket for any of them.
 */
export function requireTicketFor(served: string, token: Uint8Array): void {
  const service = ticketService(token);
  if (service === undefined) throw new ChannelError('protocol', 'The sender sent what is no Kerberos ticket');
  if (service.toLowerCase() !== served.toLowerCase())
    throw new ChannelError('wrong-service', `The ticket is for ${service}, this receiver is ${served}`);
}

function split(spn: string): { readonly service: string; readonly host: string } {
  const [service = '', host = ''] = spn.toLowerCase().split('/', 2);
  return { service, host };
}

function firstLabel(host: string): string {
  return host.split('.', 1)[0] ?? '';
}
