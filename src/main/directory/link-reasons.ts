import { type Reason, retriedFix } from './failure-reason.ts';
import type { LinkError, LinkErrorKind } from './link-error.ts';

const linkReasons: Readonly<Record<LinkErrorKind, Reason>> = {
  unreachable: [
    'server-down',
    'The directory cannot be reached',
    'Check that the directory runs, its address, and the firewall.',
  ],
  tls: [
    'ma-encryption-not-enabled',
    'The protected connection could not be made',
    "Check the directory's certificate: its name, its dates, and its authority in caFile.",
  ],
  timeout: [
    'timeout',
    'The directory did not answer in time',
    'Look at the load of the directory and the network.',
  ],
  closed: ['server-down', 'The connection was lost', 'Check that the directory runs.'],
  protocol: ['server-down', 'What answers is no LDAP server', "Check host and port in the agent's address."],
  aborted: ['timeout', 'The operation was given up', retriedFix],
  insecure: [
    'ma-encryption-not-enabled',
    'The connection is not protected, so nothing was sent',
    "Use an ldaps:// address for the agent's connection.",
  ],
};

const untrusted: Reason = [
  'ma-encryption-not-enabled',
  "The authority of the directory's certificate is not trusted",
  "Name the authority's certificate (PEM) as caFile in the agent's connection.",
];
const badFile: Reason = [
  'ma-encryption-not-enabled',
  "The agent's certificate authority file cannot be read",
  "Check the path caFile in the agent's connection, and that it is a PEM certificate.",
];
const notTls: Reason = [
  'ma-encryption-not-enabled',
  'What answers at this port does not speak TLS',
  'Use the port of LDAP over TLS, usually 636.',
];
const tooOld: Reason = [
  'ma-encryption-not-enabled',
  'The directory offers no TLS 1.2 or newer',
  'Switch on TLS 1.2 or 1.3 in the directory.',
];

/** Codes of Node and OpenSSL for a connection that could not be protected. */
const tlsReasons: Readonly<Record<string, Reason>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  CERT_UNTRUSTED: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  INVALID_CA: untrusted,
  CERT_HAS_EXPIRED: [
    'ma-encryption-not-enabled',
    "The directory's certificate has expired",
    'Renew the certificate of the directory.',
  ],
  CERT_NOT_YET_VALID: [
    'ma-encryption-not-enabled',
    "The directory's certificate is not valid yet",
    'Set the clock of this machine, or renew the certificate.',
  ],
  CERT_REVOKED: [
    'ma-encryption-not-enabled',
    "The directory's certificate was revoked",
    'Renew the certificate of the directory.',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'ma-encryption-not-enabled',
    "The directory's certificate carries another name",
    'Use a name that the certificate carries in the address, or give it as serverName.',
  ],
  ENOENT: badFile,
  EACCES: badFile,
  EISDIR: badFile,
  ERR_OSSL_PEM_NO_START_LINE: badFile,
  ERR_OSSL_PEM_BAD_BASE64_DECODE: badFile,
  EPROTO: notTls,
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_UNSUPPORTED_PROTOCOL: tooOld,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: tooOld,
};

/** What a failure of the link means, down to which fault the certificate has. */
export function reasonOfLink({ kind, cause }: LinkError): Reason {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return (kind === 'tls' ? tlsReasons[code] : undefined) ?? linkReasons[kind];
}
