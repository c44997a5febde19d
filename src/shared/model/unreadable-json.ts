import { AppError } from './app-error.ts';
import { messageOf } from './message-of.ts';

/**
 * What is thrown where a JSON file cannot be read: `not_found` where it is not there, else `invalid_configuration`.
 * Without the excerpt that the parser quotes: whoever names the wrong file may have named one that holds a secret.
 */
export function unreadableJson(file: string, cause: unknown): AppError {
  const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  const [reason] = messageOf(cause).split(/, (?:\.\.\.)?"/);
  return new AppError(
    isMissing ? 'not_found' : 'invalid_configuration',
    `${file} cannot be read as JSON: ${reason}`,
    { cause },
  );
}
