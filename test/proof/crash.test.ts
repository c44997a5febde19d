import { beforeAll, expect, test } from 'vitest';

import { type CrashProof, proveCrashes } from '#test/crash-proof.ts';

let proof: CrashProof;

/** The short form of `npm run proof`. */
beforeAll(async () => {
  proof = await proveCrashes({ changes: 120, accounts: 25, life: 15, calm: 500 });
}, 900_000);

test('both services were killed many times while passwords changed', () => {
  expect(proof.kills.engine).toBeGreaterThan(2);
  expect(proof.kills.capture).toBeGreaterThan(2);
  expect(proof.accepted).toBeGreaterThanOrEqual(120);
});

test('every change that the domain controller took has one recorded outcome on each target', () => {
  expect(proof).toMatchObject({ unrecorded: 0, invented: 0, open: 0, notOncePerTarget: 0 });
});

test('no target was written with an older password after a newer one, or with one that the domain refused', () => {
  expect(proof.writes).toBeGreaterThan(0);
  expect(proof).toMatchObject({ foreignWrites: 0, olderAfterNewer: 0 });
});

test('on every target the newest password of every account binds, and the one before does not', () => {
  expect(proof.wrongPasswords).toEqual([]);
});

test('no file of the product holds a password in any form', () => {
  expect(proof.files).toBeGreaterThan(8);
  expect(proof.leaks).toEqual([]);
});

test('after a thousand deliveries neither service has a password in its memory or its heap', () => {
  expect(proof.calm).toBe(500);
  expect(proof.inEngine).toMatchObject({ memory: 0, heap: 0 });
  expect(proof.inCapture).toMatchObject({ memory: 0, heap: 0 });
  expect(Math.min(proof.inEngine?.heapSize ?? 0, proof.inCapture?.heapSize ?? 0)).toBeGreaterThan(1_000_000);
});
