/**
 * A sender in a process of its own, since Kerberos reads its files from the environment. Takes its options as JSON
 * on standard input, sends one change, and prints what became of it as JSON.
 */
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';

import { ChannelError } from '#channel/channel-error.ts';
import { openSender, type SenderOptions } from '#channel/sender.ts';
import { diagnoseSpn, type SpnQuestion } from '#channel/spn-diagnosis.ts';
import { openLdap } from '#directory/ldap-connection.ts';
import type { TrackingId } from '#shared/model/change.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

export interface SenderOrder {
  readonly options: SenderOptions;
  readonly account: string;
  readonly password: string;
  /** Asks the directory when Kerberos does not know the name. */
  readonly diagnosis?: {
    readonly url: string;
    readonly caFile: string;
    readonly user: string;
    readonly password: string;
  } & Pick<SpnQuestion, 'baseDn' | 'domain'>;
}

/** What the process prints. */
export type SenderReport =
  | { readonly ok: true; readonly receivedAt: number; readonly clockDifferenceMs: number }
  | {
      readonly ok: false;
      readonly code: string;
      readonly event: number;
      readonly message: string;
      readonly fix: string;
      readonly isRemote: boolean;
    };

const { options, account, password, diagnosis } = JSON.parse(await text(process.stdin)) as SenderOrder;

async function diagnose(spn: string) {
  if (diagnosis === undefined) return undefined;
  const { url, caFile, baseDn, domain, user } = diagnosis;
  const connection = await openLdap({ url, caFile, connectTimeout: 5000 });
  try {
    using secret = SecretBytes.take(new TextEncoder().encode(diagnosis.password));
    await connection.bindSimple(user, secret);
    return (await diagnoseSpn(connection, { spn, baseDn, domain, now: Date.now() })).finding;
  } finally {
    await connection.close();
  }
}

async function run(): Promise<SenderReport> {
  const sender = await openSender({ ...options, ...(diagnosis !== undefined && { diagnose }) });
  try {
    const change = {
      trackingId: randomUUID() as TrackingId,
      objectGuid: randomUUID(),
      domain: 'FABRIKAM',
      account,
      sourceServer: 'dc1.fabrikam.lab',
      committedAt: Date.now(),
      capturedAt: Date.now(),
      queuedAt: Date.now(),
      sentAt: Date.now(),
      version: 2,
    };
    using secret = SecretBytes.take(new TextEncoder().encode(password));
    const { receivedAt } = await sender.send(change, secret);
    const status = {
      host: 'dc1.fabrikam.lab',
      productVersion: '0',
      queued: 0,
      oldest: undefined,
      lastCaptured: undefined,
    };
    const { clockDifferenceMs } = await sender.heartbeat(status);
    return { ok: true, receivedAt, clockDifferenceMs };
  } finally {
    await sender.close();
  }
}

const report = await run().catch((error: unknown): SenderReport => {
  if (!(error instanceof ChannelError)) throw error;
  const { code, event, message, fix, isRemote } = error;
  return { ok: false, code, event, message, fix, isRemote };
});
process.stdout.write(JSON.stringify(report));
