import { messageOf } from '#shared/model/message-of.ts';

import { ChannelError } from './channel-error.ts';
import { fromKerberos } from './kerberos-port.ts';

/** What ended a connection to a receiver, as one error with a code; what has none is a breach of the protocol. */
export function toChannelError(error: unknown): ChannelError {
  const named = fromKerberos(error);
  if (named instanceof ChannelError) return named;
  const words = messageOf(error);
  return new ChannelError('protocol', `The receiver breaks the protocol: ${words}`, { cause: error });
}
