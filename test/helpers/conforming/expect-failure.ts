import { expect } from 'vitest';

import { decideRetry } from '#engine/decide-retry.ts';
import { PasswordFailure, type PasswordFailureWord } from '#shared/model/password-failure.ts';

/** What an administrator sees of a failure, and whether it is tried again. */
const events: Readonly<Partial<Record<PasswordFailureWord, readonly [event: number, retried: boolean]>>> = {
  'bad-password': [6901, true],
  'new-password-violate-policy': [6927, false],
  'object-not-found': [6923, false],
  'access-denied': [6901, true],
  'server-down': [6901, true],
  'server-busy': [6901, true],
  'ma-encryption-not-enabled': [6901, true],
  timeout: [6901, true],
};

/** Waits for a failure with this word, its event and its decision to try again, and with no password in its message. */
export async function expectFailure(
  work: Promise<unknown>,
  word: PasswordFailureWord,
): Promise<PasswordFailure> {
  const failure = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof PasswordFailure))
    throw new Error('It did not fail as a password does', { cause: failure });
  expect({ word: failure.word, text: failure.message }).toMatchObject({ word });
  const { event, retried } = decideRetry(failure.word);
  expect([event, retried]).toEqual(events[word]);
  expect(failure.message).not.toMatch(/Conform-/);
  return failure;
}
