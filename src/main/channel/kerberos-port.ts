import { acceptToken, openInitiator } from '#directory/kerberos.ts';
import { KerberosError } from '#directory/kerberos-error.ts';

import { ChannelError } from './channel-error.ts';

/** What the channel asks of Kerberos. */
export interface KerberosPort {
  openInitiator(options: { readonly spn: string; readonly principal?: string | undefined }): Promise<{
    token(): Promise<Uint8Array>;
    /** Resolves when the reply proved the service. */
    finish(reply: Uint8Array): Promise<void>;
  }>;
  acceptToken(options: { readonly spn: string; readonly token: Uint8Array }): Promise<{
    /** `name@REALM`. */
    readonly principal: string;
    readonly reply: Uint8Array;
  }>;
}

export const systemKerberos: KerberosPort = { openInitiator, acceptToken };

/** The channel's word for a failure of Kerberos; other errors pass as they are. */
export function fromKerberos(error: unknown): unknown {
  if (!(error instanceof KerberosError)) return error;
  const { code, message } = error;
  return new ChannelError(code === 'other' ? 'kerberos' : code, message, { cause: error });
}
