import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { openReceiverIdentity, readCompanyIdentity } from '#channel/receiver-identity.ts';

function temporaryDirectory(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'carillon-identity-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

test('the receiver makes its key once, readable by its owner alone, and keeps it', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'channel.pem');
  const first = await openReceiverIdentity(path, 'intsvr1.fabrikam.lab');
  const again = await openReceiverIdentity(path, 'another name');
  expect(again.fingerprint).toBe(first.fingerprint);
  expect(first.fingerprint).toMatch(/^sha256\/[A-Za-z0-9+/]{43}=$/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory.path)).toEqual(['channel.pem']);
  const certificate = new X509Certificate(first.certificate);
  expect(certificate.subject).toBe('CN=intsvr1.fabrikam.lab');
  expect(certificate.validToDate).toEqual(new Date('9999-12-31T23:59:59Z'));
  expect(certificate.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' });
});

test('two processes that start at once end up with one key', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'channel.pem');
  const found = await Promise.all([1, 2, 3, 4].map((index) => openReceiverIdentity(path, `name ${index}`)));
  expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(1);
});

test.skipIf(process.platform === 'win32')('a key that others may read is refused', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'channel.pem');
  await openReceiverIdentity(path, 'a');
  chmodSync(path, 0o640);
  await expect(openReceiverIdentity(path, 'a')).rejects.toMatchObject({
    code: 'forbidden',
    fix: expect.stringContaining('chmod 600'),
  });
});

test('a damaged key is reported and never replaced', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'channel.pem');
  writeFileSync(path, 'half a file', { mode: 0o600 });
  await expect(openReceiverIdentity(path, 'a')).rejects.toMatchObject({ code: 'damaged' });
  expect(statSync(path).size).toBe(11);
});

test('a company certificate with the key of another one is refused', async () => {
  using directory = temporaryDirectory();
  const [certificateFile, keyFile] = [join(directory.path, 'a.pem'), join(directory.path, 'b.pem')];
  await openReceiverIdentity(certificateFile, 'a');
  await openReceiverIdentity(keyFile, 'b');
  await expect(readCompanyIdentity({ certificateFile, keyFile })).rejects.toMatchObject({
    code: 'invalid_configuration',
  });
  await expect(readCompanyIdentity({ certificateFile: keyFile, keyFile })).resolves.toMatchObject({
    fingerprint: expect.stringMatching(/^sha256\//),
  });
  await expect(readCompanyIdentity({ certificateFile, keyFile: '/nowhere' })).rejects.toMatchObject({
    code: 'not_found',
  });
});
