import { ChannelError } from '#channel/channel-error.ts';
import { openSender } from '#channel/sender.ts';
import type { SpnFinding } from '#channel/spn-diagnosis.ts';
import { messageOf } from '#shared/model/message-of.ts';
import { type PcnsTarget, tryParseServer } from '#shared/model/pcns.ts';

import type { NotificationChannel, NotificationSender, SendFailure } from './notification-sender.ts';

/** Who sends: this domain controller, under its own computer account. */
export interface ChannelIdentity {
  /** DNS name of this domain controller. */
  readonly server: string;
  /** `NAME$@REALM`. */
  readonly principal: string;
}

export interface KerberosChannelOptions {
  readonly identify: () => Promise<ChannelIdentity>;
  /** Vouches for targets that have no fingerprint; the system's own list where absent. */
  readonly caFile: string | undefined;
  readonly productVersion: string;
  /** Asks the directory what is wrong with a service principal name that Kerberos does not find. */
  readonly diagnose: (spn: string) => Promise<SpnFinding>;
}

/** The way to the targets: Kerberos proves both ends, TLS with a key that the target's settings name seals it. */
export function createKerberosChannel(options: KerberosChannelOptions): NotificationChannel {
  return { open: (target) => openTarget(target, options), explain };
}

async function openTarget(
  target: PcnsTarget,
  { identify, caFile, productVersion, diagnose }: KerberosChannelOptions,
): Promise<NotificationSender> {
  const address = tryParseServer(target.server);
  if (address === undefined) throw new ChannelError('misconfigured', `"${target.server}" is no host`);
  const { server, principal } = await identify();
  // The name in the ticket is the name to trust; the address may be one of several, or a number.
  const serverName = target.spn.slice(target.spn.indexOf('/') + 1);
  const trust = target.fingerprint === undefined ? { serverName, caFile } : { pin: target.fingerprint };
  const sender = await openSender({ ...address, ...trust, spn: target.spn, principal, diagnose });
  return {
    send: async (change, password) => {
      await sender.send({ ...change, account: nameFor(target, change.account, principal) }, password);
    },
    heartbeat: async (report) => {
      await sender.heartbeat({ host: server, productVersion, ...report });
    },
    close: () => sender.close(),
  };
}

/**
 * The account as the target's user name format has it. The engine knows it by its GUID and shows the NT4 name always;
 * single sign-on looks at the name itself, and says where the format is not the one that it takes.
 */
function nameFor({ userNameFormat, spn }: PcnsTarget, account: string, principal: string): string {
  if (userNameFormat === 3 || !/^ENTSSO\//i.test(spn)) return account;
  return `${account}${principal.slice(principal.lastIndexOf('@'))}`;
}

function explain(error: unknown): SendFailure {
  if (error instanceof ChannelError)
    return {
      event: error.event,
      message: `${error.message.replace(/\.$/, '')}. ${error.fix}`,
      reach: error.reach,
    };
  const message = messageOf(error);
  return { event: 4003, message, reach: 'delivery' };
}
