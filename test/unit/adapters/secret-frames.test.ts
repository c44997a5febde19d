import fc from 'fast-check';
import { expect, test } from 'vitest';

import { encodeSecretFrame, SecretFrameDecoder } from '#adapters/protocol/secret-frames.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

const secret = fc.uint8Array({ minLength: 0, maxLength: 40 });

test('frames come out as they went in, however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ id: fc.nat(), newPassword: secret, oldPassword: fc.option(secret) }), {
        maxLength: 5,
      }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      (frames, cuts) => {
        const stream = Buffer.concat(
          frames.map(({ id, newPassword, oldPassword }) =>
            encodeSecretFrame(
              { id },
              {
                newPassword: SecretBytes.copy(newPassword),
                oldPassword: oldPassword === null ? undefined : SecretBytes.copy(oldPassword),
              },
            ),
          ),
        );
        const decoder = new SecretFrameDecoder();
        const found: unknown[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = cuts[turn % cuts.length] ?? 1;
          for (const frame of decoder.push(stream.subarray(at, at + size)))
            found.push([
              (frame.line as { id: number }).id,
              [...(frame.newPassword?.bytes ?? [])],
              frame.oldPassword === undefined ? null : [...frame.oldPassword.bytes],
            ]);
          at += size;
        }
        expect(found).toEqual(
          frames.map(({ id, newPassword, oldPassword }) => [
            id,
            [...newPassword],
            oldPassword === null ? null : [...oldPassword],
          ]),
        );
      },
    ),
  );
});
