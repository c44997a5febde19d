import type { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';

/** Reads `name=value` arguments as the values of a schema; whole numbers become numbers where it wants them. */
export function parseAssignments<T>(schema: z.ZodType<T>, assignments: readonly string[]): T {
  const values: Record<string, unknown> = {};
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=');
    if (equals < 1) throw new AppError('invalid_input', `"${assignment}" has not the form name=value`);
    values[assignment.slice(0, equals)] = assignment.slice(equals + 1);
  }
  const first = schema.safeParse(values);
  if (first.success) return first.data;
  for (const { path, code } of first.error.issues) {
    const key = String(path[0] ?? '');
    const value = values[key];
    if (code === 'invalid_type' && typeof value === 'string' && /^\d{1,9}$/.test(value))
      values[key] = Number(value);
  }
  const second = schema.safeParse(values);
  if (second.success) return second.data;
  const [issue] = second.error.issues;
  throw new AppError('invalid_input', `${issue?.path.join('.') || 'The values'}: ${issue?.message}`);
}
