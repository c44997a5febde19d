import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** Environment variable that names the file in which a test run collects what was raised; without it nothing is. */
export const raisedEventsVariable = 'CARILLON_RAISED_EVENTS';

const noted = new Set<number>();

/** Remembers beyond this process that the product raised an event; what is no number is passed over. */
export function noteRaised(number: unknown): void {
  const file = process.env[raisedEventsVariable];
  if (file === undefined || typeof number !== 'number' || noted.has(number)) return;
  noted.add(number);
  // One short line: processes side by side do not get into each other's.
  appendFileSync(file, `${number}\n`);
}

/** Numbers that any process of the run noted. */
export function readRaised(file: string): ReadonlySet<number> {
  return new Set(existsSync(file) ? readFileSync(file, 'utf8').split('\n').map(Number) : []);
}
