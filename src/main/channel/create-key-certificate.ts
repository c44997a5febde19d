import 'reflect-metadata';

import { createPrivateKey, webcrypto } from 'node:crypto';

import { X509CertificateGenerator } from '@peculiar/x509';

/** Makes a P-256 key and a certificate for it that it signed itself; both as PEM, certificate first. */
export async function createKeyCertificate(name: string): Promise<Buffer> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(0),
    // The date that stands for none (RFC 5280 4.1.2.5): what is pinned is the key, which is replaced on purpose only.
    notAfter: new Date('9999-12-31T23:59:59Z'),
  });
  const exported = new Uint8Array(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: Buffer.from(exported.buffer), format: 'der', type: 'pkcs8' });
  const pem = Buffer.from(`${certificate.toString('pem')}\n${key.export({ type: 'pkcs8', format: 'pem' })}`);
  exported.fill(0);
  return pem;
}
