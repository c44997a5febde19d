/** Tags of ASN.1 and of the LDAP protocol operations (RFC 4511 4.1.1 and following). */
export const berTag = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
  bindRequest: 0x60,
  bindResponse: 0x61,
  unbindRequest: 0x42,
  searchRequest: 0x63,
  searchEntry: 0x64,
  searchDone: 0x65,
  modifyRequest: 0x66,
  modifyResponse: 0x67,
  addRequest: 0x68,
  addResponse: 0x69,
  deleteRequest: 0x4a,
  deleteResponse: 0x6b,
  renameRequest: 0x6c,
  renameResponse: 0x6d,
  compareRequest: 0x6e,
  compareResponse: 0x6f,
  abandonRequest: 0x50,
  searchReference: 0x73,
  extendedRequest: 0x77,
  extendedResponse: 0x78,
  intermediateResponse: 0x79,
  controls: 0xa0,
} as const;

/** A context-specific primitive tag, `[n] IMPLICIT OCTET STRING` and the like. */
export const contextTag = (number: number): number => 0x80 | number;
/** A context-specific constructed tag. */
export const contextSequence = (number: number): number => 0xa0 | number;
