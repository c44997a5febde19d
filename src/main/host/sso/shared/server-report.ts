import { z } from 'zod';

import type { SsoServerRow } from '#shared/contract/sso-servers.ts';
import type { SsoServer } from '#shared/model/single-sign-on.ts';

/** Polls that a server may miss until it counts as offline. */
const missedPolls = 3;

/** What a server says of itself to the others at each poll. */
export const serverReportSchema = z.object({
  /** `down` where the service was stopped in order. */
  state: z.enum(['running', 'stopped', 'down']),
  version: z.string(),
  events: z.object({ information: z.int(), warning: z.int(), error: z.int() }),
  /** Whether it can open and seal credentials. */
  hasSecret: z.boolean(),
  /** Whether it keeps the master secret. */
  keepsSecret: z.boolean(),
  /** Seconds. */
  pollInterval: z.int().min(1),
  /** Where servers reach it over the channel. */
  channel: z.object({ host: z.string(), port: z.int(), spn: z.string(), fingerprint: z.string() }).optional(),
});
export type ServerReport = z.infer<typeof serverReportSchema>;

/** What is known of another server. */
export interface HeardServer {
  readonly name: string;
  readonly seenAt: number;
  /** Milliseconds since, by the clock of the database. */
  readonly age: number;
  readonly report: ServerReport;
}

/** The status of another server in the words of the console. */
export function statusOfOther(
  { stopped }: Pick<SsoServer, 'stopped'>,
  heard: HeardServer | undefined,
  isEnabled: boolean,
): SsoServerRow['status'] {
  if (heard === undefined) return 'Pending';
  const { age, report } = heard;
  if (report.state === 'down' || age > report.pollInterval * 1000 * missedPolls) return 'Offline';
  // Asked for, and not yet taken up by the server.
  if (stopped !== (report.state === 'stopped')) return stopped ? 'Stop Pending' : 'Start Pending';
  if (stopped) return 'Stopped';
  return isEnabled ? 'Online' : 'Offline';
}
