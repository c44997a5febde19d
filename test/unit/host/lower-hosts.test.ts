import fc from 'fast-check';
import { expect, test } from 'vitest';

import { lowerHosts } from '#host/channel/lower-hosts.ts';
import { readKeytabNames } from '#host/configuration/keytab-names.ts';

/** A keytab of format 2 with one key for each name. */
function keytabOf(...principals: readonly string[]): Buffer {
  const counted = (bytes: Uint8Array): Buffer => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const entries = principals.map((principal) => {
    const [name = '', realm = ''] = principal.split('@');
    const parts = name.split('/');
    const count = Buffer.alloc(2);
    count.writeUInt16BE(parts.length);
    const names = [realm, ...parts].map((text) => counted(Buffer.from(text)));
    // Name type, time, version, encryption type.
    const rest = Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 18]);
    const entry = Buffer.concat([count, ...names, rest, counted(Buffer.from('THE KEY Itself'))]);
    const size = Buffer.alloc(4);
    size.writeInt32BE(entry.length);
    return Buffer.concat([size, entry]);
  });
  return Buffer.concat([Buffer.from([5, 2]), ...entries]);
}

const namesIn = (keytab: Buffer) => readKeytabNames(keytab).map(({ principal }) => principal);

test('hosts of services become lower case, accounts, realms and keys stay', () => {
  const keytab = keytabOf('ENTSSO/INTSVR1.Fabrikam.com@FABRIKAM.COM', 'Svc-Adma@FABRIKAM.COM');
  const digests = readKeytabNames(keytab).map(({ keyDigest }) => keyDigest);
  expect(lowerHosts(keytab)).toBe(true);
  expect(namesIn(keytab)).toEqual(['ENTSSO/intsvr1.fabrikam.com@FABRIKAM.COM', 'Svc-Adma@FABRIKAM.COM']);
  expect(readKeytabNames(keytab).map(({ keyDigest }) => keyDigest)).toEqual(digests);
  expect(lowerHosts(keytab)).toBe(false);
});

test('no bytes make it fail or grow', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const keytab = Buffer.concat([Buffer.from([5, 2]), bytes]);
      const { length } = keytab;
      lowerHosts(keytab);
      return keytab.length === length;
    }),
  );
});
