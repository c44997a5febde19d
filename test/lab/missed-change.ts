import { z } from 'zod';

import { readCaptureConfiguration } from '#capture/capture-configuration.ts';
import { askCapture } from '#capture/capture-control.ts';
import { controlSocketOf } from '#capture/capture-host.ts';

import type { Fabrikam } from './fabrikam.ts';

/** The password was set in the directory, and capture did not get it. */
const notCaptured = 7001;
const eventSchema = z.array(
  z.object({
    at: z.number(),
    number: z.int(),
    severity: z.string(),
    message: z.string(),
    account: z.string().optional(),
  }),
);

type CaptureOf = Pick<Fabrikam, 'captureFile'>;

/** What a scenario waits for: a change of this account, made since `since` (milliseconds since 1970 UTC). */
export interface AwaitedChange {
  readonly account: string;
  readonly since: number;
}

/** Throws where the domain controller set the password without capture: however long one waits, nothing comes of it. */
export async function requireCaptured(fabrikam: CaptureOf, awaited: AwaitedChange): Promise<void> {
  const told = await captureEvents(fabrikam, awaited, notCaptured);
  const end = told.find(({ account }) => isAccount(account, awaited));
  if (end === undefined) return;
  throw new Error(
    `Event ${end.number}: ${end.message}. On a busy machine the hook may have waited longer than its deadline: run the scenario again with less beside it`,
  );
}

/** What capture said of the change, and what went wrong there since; a line each. */
export async function describeCapture(fabrikam: CaptureOf, awaited: AwaitedChange): Promise<string> {
  const told = await captureEvents(fabrikam, awaited);
  const lines = told
    .filter(({ severity, account }) => severity !== 'information' || isAccount(account, awaited))
    .map(({ number, message }) => `${number} ${message}`);
  return ['The domain controller said:', ...(lines.length === 0 ? ['nothing'] : lines)].join('\n  ');
}

async function captureEvents({ captureFile }: CaptureOf, { since }: AwaitedChange, number?: number) {
  const socket = controlSocketOf(readCaptureConfiguration(captureFile));
  const only = number === undefined ? {} : { number };
  const told = eventSchema.parse(await askCapture(socket, { ask: 'events', limit: 200, ...only }));
  return told.filter(({ at }) => at >= since).toReversed();
}

function isAccount(told: string | undefined, { account }: AwaitedChange): boolean {
  if (told === undefined) return false;
  return told.slice(told.indexOf('\\') + 1).toLowerCase() === account.toLowerCase();
}
