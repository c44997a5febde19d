import { PasswordFailure } from '#shared/model/password-failure.ts';

/** Whatever a target throws that is not in its contract counts as a failure whose end nobody knows. */
export function toPasswordFailure(error: unknown): PasswordFailure {
  if (error instanceof PasswordFailure) return error;
  // Its message is not repeated: nobody can vouch that it holds no secret.
  const name = error instanceof Error ? error.name : typeof error;
  return new PasswordFailure('extension-error', `The target failed unexpectedly (${name})`, {
    certainty: 'unknown',
    cause: error,
  });
}
