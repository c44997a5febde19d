import { constants } from 'node:crypto';

/** SSL_OP_CLEANSE_PLAINTEXT of OpenSSL 3, which Node does not name: decrypted records are wiped once read. */
const cleansePlaintext = 0x2;

/** TLS as both ends want it: the current version only, and every connection proven anew instead of resumed. */
export const tlsSettings = {
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
  secureOptions: constants.SSL_OP_NO_TICKET | cleansePlaintext,
} as const;
