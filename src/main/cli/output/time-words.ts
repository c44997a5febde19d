const units: readonly (readonly [milliseconds: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
];

/** A duration in its two largest units: `2d4h`, `3m12s`, `480ms`. */
export function formatDuration(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds));
  const at = units.findIndex(([size]) => whole >= size);
  const [size, unit] = units[at] ?? [1, 'ms'];
  const [smaller, smallerUnit] = units[at + 1] ?? [];
  const rest = smaller === undefined ? 0 : Math.floor((whole % size) / smaller);
  const head = `${Math.floor(whole / size)}${unit}`;
  return at === -1 || rest === 0 || smallerUnit === undefined ? head : `${head}${rest}${smallerUnit}`;
}

/** How long ago, or how soon: `3m12s ago`, `in 45s`. */
export function formatAge(at: number | undefined, now = Date.now()): string | undefined {
  if (at === undefined) return undefined;
  return at > now ? `in ${formatDuration(at - now)}` : `${formatDuration(now - at)} ago`;
}

/** `2026-03-01 14:05:09.123` in local time. */
export function formatTime(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().replace('T', ' ').replace('Z', '');
}
