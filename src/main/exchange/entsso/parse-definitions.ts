import type { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';

import type { XmlDefinition } from './read-sso-xml.ts';

/** Holds definitions of a file against their schema. Throws `AppError` with the line of the first that does not pass. */
export function parseDefinitions<T>(
  schema: z.ZodType<T>,
  definitions: readonly XmlDefinition[],
  file: string,
): T[] {
  if (definitions.length === 0) throw new AppError('invalid_input', `${file} has no <application>`);
  return definitions.map(({ name, line, values }) => {
    const parsed = schema.safeParse({ ...values, name });
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw new AppError(
      'invalid_input',
      `${file}:${line}: ${name}: ${where}: ${issue?.message} (event 10854)`,
      {
        fix: 'Correct the definition; nothing was changed.',
      },
    );
  });
}
