import {
  openReceiverIdentity,
  type ReceiverIdentity,
  readCompanyIdentity,
} from '#channel/receiver-identity.ts';

export interface ListenerSettings {
  readonly spn: string;
  readonly certificateFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** What a listener shows to its callers: the company's certificate, or a key of its own that is kept in `path`. */
export function openListenerIdentity(
  { spn, certificateFile, keyFile }: ListenerSettings,
  path: string,
): Promise<ReceiverIdentity> {
  return certificateFile === undefined || keyFile === undefined
    ? openReceiverIdentity(path, spn.slice(spn.indexOf('/') + 1))
    : readCompanyIdentity({ certificateFile, keyFile });
}
