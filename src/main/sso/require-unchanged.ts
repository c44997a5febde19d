import { AppError } from '#shared/model/app-error.ts';

/** Throws `AppError` `conflict` where a value that the caller saw is another by now. Absent and null count as one. */
export function requireUnchanged(
  name: string,
  current: Readonly<Record<string, unknown>>,
  seen: Readonly<Record<string, unknown>> | undefined,
): void {
  const changed = Object.keys(seen ?? {}).filter(
    (key) => JSON.stringify(current[key] ?? null) !== JSON.stringify(seen?.[key] ?? null),
  );
  if (changed.length === 0) return;
  throw new AppError('conflict', `Somebody else changed ${changed.join(', ')} of "${name}" meanwhile`, {
    fix: 'Read it again, and make the change on what is there now.',
  });
}
