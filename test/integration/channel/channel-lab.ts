import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { wallClock } from '#channel/channel-clock.ts';
import type { ChannelEvent } from '#channel/channel-event.ts';
import { createDomainControllerLookup } from '#channel/domain-controller-lookup.ts';
import { createDomainControllerProof } from '#channel/prove-domain-controller.ts';
import { type Receiver, type ReceiverOptions, startReceiver } from '#channel/receiver.ts';
import { openReceiverIdentity } from '#channel/receiver-identity.ts';
import type { SenderOptions } from '#channel/sender.ts';
import { openLdap } from '#directory/ldap-connection.ts';
import { addServiceAccount, exportKeytab } from '#lab/kerberos-realm.ts';
import { runCommand } from '#lab/run-command.ts';
import { runSambaTool, type SambaDomain } from '#lab/samba-domain.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { sharedLab } from '#test/shared-lab.ts';

import type { SenderOrder, SenderReport } from './sender-main.ts';

export const host = 'channel1.fabrikam.lab';
export const spn = `PCNSCLNT/${host}`;
/** Another service of the same account. */
export const sister = `CHANTEST/${host}`;
export const serviceAccount = 'svc-channel';

export interface ReceivedChange {
  readonly account: string;
  readonly password: string;
  readonly caller: string;
}

/** Accounts and keytabs in the shared domain, and a receiver in this process. */
export interface ChannelLab extends AsyncDisposable {
  readonly samba: SambaDomain;
  readonly directory: string;
  readonly serviceKeytab: string;
  readonly receiver: Receiver;
  readonly received: ReceivedChange[];
  readonly events: ChannelEvent[];
  /** Starts another receiver, to be stopped by the caller. */
  start(options?: Partial<ReceiverOptions>): Promise<Receiver>;
  /** Keys of one account, for a sender. */
  keytabOf(principal: string): Promise<string>;
  /** Lets a process of its own send one change. Without other words it is the domain controller's own account. */
  send(order?: SendOrder): Promise<SenderReport>;
}

export interface SendOrder {
  readonly options?: Partial<SenderOptions>;
  readonly keytab?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Put before the program, for example `faketime`. */
  readonly prefix?: readonly string[];
  readonly isDiagnosed?: boolean;
}

const administrator = (samba: SambaDomain): string => `${samba.adminUser}@${samba.realm.toLowerCase()}`;

/** A signed-in connection to the shared domain. */
export async function openAdministrator(samba: SambaDomain) {
  const connection = await openLdap({ url: samba.ldapsUrl, caFile: samba.caFile, connectTimeout: 5000 });
  using password = SecretBytes.take(new TextEncoder().encode(samba.adminPassword));
  await connection.bindSimple(administrator(samba), password);
  return connection;
}

export async function prepareChannelLab(): Promise<ChannelLab> {
  const { samba, directory: home } = sharedLab();
  const directory = mkdtempSync(join(home, 'channel-'));
  const serviceKeytab = join(directory, 'service.keytab');
  await addServiceAccount(samba, {
    name: serviceAccount,
    password: 'Lab-Channel-1!',
    servicePrincipalNames: [spn, sister],
  });
  await exportKeytab(samba, serviceKeytab, spn, sister);
  process.env['KRB5_KTNAME'] = `FILE:${serviceKeytab}`;

  const connection = await openAdministrator(samba);
  const received: ReceivedChange[] = [];
  const events: ChannelEvent[] = [];
  const identity = await openReceiverIdentity(join(directory, 'channel.pem'), host);
  const start = (options: Partial<ReceiverOptions> = {}): Promise<Receiver> => {
    const { realm, netbios: domain, baseDn } = samba;
    const findComputer = createDomainControllerLookup({ connect: async () => connection, baseDn, realm });
    return startReceiver({
      host: '127.0.0.1',
      port: 0,
      spn,
      identity,
      proveCaller: createDomainControllerProof({ realm, domain, findComputer, clock: wallClock }),
      onChange: async (change, password, caller) => {
        received.push({
          account: change.account,
          password: Buffer.from(password.bytes).toString(),
          caller: caller.principal,
        });
      },
      onHeartbeat: () => undefined,
      events: (event) => events.push(event),
      report: (error) => {
        throw error;
      },
      ...options,
    });
  };
  const receiver = await start();
  let senders = 0;
  const send = async ({
    options,
    keytab,
    env,
    prefix = [],
    isDiagnosed,
  }: SendOrder = {}): Promise<SenderReport> => {
    senders += 1;
    const tickets = join(directory, `tickets-${senders}`);
    mkdirSync(tickets, { mode: 0o700 });
    const order = {
      options: {
        host: '127.0.0.1',
        port: receiver.port,
        spn,
        pin: receiver.fingerprint,
        principal: `DC1$@${samba.realm}`,
        ...options,
      },
      account: 'alice',
      password: 'Pässwörd-7',
      ...(isDiagnosed === true && {
        diagnosis: {
          url: samba.ldapsUrl,
          caFile: samba.caFile,
          user: administrator(samba),
          password: samba.adminPassword,
          baseDn: samba.baseDn,
          domain: samba.netbios,
        },
      }),
    } as SenderOrder;
    const [program = '', ...args] = [
      ...prefix,
      process.execPath,
      join(import.meta.dirname, 'sender-main.ts'),
    ];
    const done = await runCommand(program, args, {
      input: JSON.stringify(order),
      env: {
        KRB5_CLIENT_KTNAME: `FILE:${keytab ?? samba.secretsKeytab}`,
        KRB5CCNAME: `DIR:${tickets}`,
        ...env,
      },
    });
    if (done.code !== 0) throw new Error(`The sender ended with ${done.code}: ${done.stderr}`);
    return JSON.parse(done.stdout) as SenderReport;
  };
  return {
    samba,
    directory,
    serviceKeytab,
    receiver,
    received,
    events,
    start,
    send,
    keytabOf: async (principal) => {
      const keytab = join(directory, `${principal.replaceAll(/\W/g, '_')}.keytab`);
      await exportKeytab(samba, keytab, principal);
      return keytab;
    },
    [Symbol.asyncDispose]: async () => {
      await receiver.stop();
      await connection.close();
      await runSambaTool(samba, ['user', 'delete', serviceAccount]);
    },
  };
}
