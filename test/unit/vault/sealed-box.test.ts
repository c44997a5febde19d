import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { SealContext } from '#engine/seal.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';
import { MemoryKeyKeeper } from '#test/memory-key-keeper.ts';
import { MemoryKeyStore } from '#test/memory-key-store.ts';
import { KeyRing } from '#vault/key-ring.ts';
import { SealedBox, sealedVersion } from '#vault/sealed-box.ts';

const context: SealContext = {
  trackingId: '5d2c1f0e-0000-4000-8000-000000000001',
  account: 'FABRIKAM\\ada',
  target: 'agent-1',
  sequence: 7,
};

function secretOf(text: string): SecretBytes {
  return SecretBytes.take(new TextEncoder().encode(text));
}

async function openBox(): Promise<{ ring: KeyRing; box: SealedBox }> {
  const ring = await KeyRing.open({
    store: new MemoryKeyStore(),
    keeper: new MemoryKeyKeeper(),
    now: () => 0,
  });
  return { ring, box: new SealedBox(ring) };
}

test('what was sealed opens to the same bytes', async () => {
  const { box } = await openBox();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      using secret = SecretBytes.copy(bytes);
      using opened = box.open(box.seal(secret, context), context);
      expect(opened.bytes).toEqual(bytes);
    }),
  );
});

test('a secret longer than a password can be is refused', async () => {
  const { box } = await openBox();
  expect(() => box.seal(SecretBytes.allocate(65_536), context)).toThrow(
    expect.objectContaining({ code: 'invalid_input' }),
  );
  expect(box.open(box.seal(SecretBytes.allocate(65_535), context), context).length).toBe(65_535);
});

test('the length of a short password does not show', async () => {
  const { box } = await openBox();
  const lengths = ['', 'a', 'pässwörd', 'thirty bytes, no more no less!'].map(
    (text) => box.seal(secretOf(text), context).length,
  );
  expect(new Set(lengths).size).toBe(1);
});

test('the same secret never looks the same twice', async () => {
  const { box } = await openBox();
  using secret = secretOf('same');
  const seen = new Set(
    Array.from({ length: 100 }, () => Buffer.from(box.seal(secret, context)).toString('hex')),
  );
  expect(seen.size).toBe(100);
});

test.each([
  { ...context, trackingId: '5d2c1f0e-0000-4000-8000-000000000002' },
  { ...context, account: 'FABRIKAM\\bob' },
  { ...context, target: 'agent-2' },
  { ...context, sequence: 8 },
  { ...context, account: 'FABRIKAM\\ad', target: 'aagent-1' },
])('a row moved to another place does not open: %o', async (other) => {
  const { box } = await openBox();
  const sealed = box.seal(secretOf('secret'), context);
  expect(() => box.open(sealed, other)).toThrow(expect.objectContaining({ code: 'damaged' }));
});

test('no altered byte goes unnoticed', async () => {
  const { box } = await openBox();
  const sealed = box.seal(secretOf('secret'), context);
  for (let at = 0; at < sealed.length; at += 1) {
    for (const bit of [1, 0x80]) {
      const altered = sealed.slice();
      altered[at] = (altered[at] ?? 0) ^ bit;
      expect(() => box.open(altered, context)).toThrow(expect.objectContaining({ code: 'damaged' }));
    }
  }
});

test('cut or foreign bytes are damage, not a crash', async () => {
  const { box } = await openBox();
  const sealed = box.seal(secretOf('secret'), context);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(sealed.length - 1), (noise, cut) => {
      for (const bytes of [noise, sealed.subarray(0, cut)]) {
        expect(() => box.open(bytes, context)).toThrow(expect.objectContaining({ code: 'damaged' }));
      }
    }),
  );
});

test('an error never holds the secret', async () => {
  const { box } = await openBox();
  const sealed = box.seal(secretOf('canary'), context);
  try {
    box.open(sealed, { ...context, sequence: 8 });
    expect.unreachable();
  } catch (error) {
    expect(JSON.stringify(error) + String(error)).not.toContain('canary');
  }
});

test('a secret sealed before a rotation opens after it, and new ones use the new key', async () => {
  const { ring, box } = await openBox();
  const before = box.seal(secretOf('old'), context);
  await ring.rotate();
  const after = box.seal(secretOf('new'), context);
  expect([sealedVersion(before), sealedVersion(after)]).toEqual([1, 2]);
  expect(box.open(before, context).bytes).toEqual(new TextEncoder().encode('old'));
});

test('what a destroyed key sealed never opens again', async () => {
  const { ring, box } = await openBox();
  const sealed = box.seal(secretOf('gone'), context);
  await ring.rotate();
  await ring.destroy(1);
  expect(() => box.open(sealed, context)).toThrow(expect.objectContaining({ code: 'damaged' }));
});

test('a digest recognises its secret across rotations and tells vaults apart', async () => {
  const { ring, box } = await openBox();
  const other = (await openBox()).box;
  const digest = box.digest(secretOf('echo'));
  await ring.rotate();
  await ring.destroy(1);
  expect(new SealedBox(ring).digest(secretOf('echo'))).toEqual(digest);
  expect(box.digest(secretOf('echo!'))).not.toEqual(digest);
  expect(other.digest(secretOf('echo'))).not.toEqual(digest);
});
