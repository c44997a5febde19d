import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { wallClock } from '#channel/channel-clock.ts';
import { createDomainControllerLookup } from '#channel/domain-controller-lookup.ts';
import { createDomainControllerProof } from '#channel/prove-domain-controller.ts';
import { startReceiver } from '#channel/receiver.ts';
import { openReceiverIdentity } from '#channel/receiver-identity.ts';
import { openLdap } from '#directory/ldap-connection.ts';
import { addServiceAccount, exportKeytab } from '#lab/kerberos-realm.ts';
import { requireCommand } from '#lab/run-command.ts';
import type { SambaDomain } from '#lab/samba-domain.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { AcceptOrder, AcceptReport } from './accept-sender-main.ts';
import { BenchProduct } from './bench-product.ts';
import { median } from './median.ts';

const people = 4000;
const rounds = 5;
const host = 'channel1.fabrikam.lab';
const spn = `PCNSCLNT/${host}`;

/**
 * Changes per second that a process with a domain controller's keys brings over the channel (TLS 1.3, Kerberos, the
 * caller looked up in the domain), each acknowledged when it is sealed and on disk. Deliveries are held meanwhile.
 */
export async function measureAccept(parent: string, samba: SambaDomain, say: (line: string) => void) {
  const directory = join(parent, 'accept');
  mkdirSync(directory, { mode: 0o700 });
  const keytab = join(directory, 'service.keytab');
  const account = { name: 'svc-bench', password: 'Lab-Channel-1!', servicePrincipalNames: [spn] };
  await addServiceAccount(samba, account);
  await exportKeytab(samba, keytab, spn);
  process.env['KRB5_KTNAME'] = `FILE:${keytab}`;
  process.env['KRB5_CONFIG'] = samba.krb5Config;
  await using product = await BenchProduct.open({
    directory,
    people,
    concurrency: 8,
    targets: [
      {
        server: {
          suffix: 'dc=ldap,dc=lab',
          ldapsUrl: 'ldaps://ldap1.ldap.lab',
          serviceDn: 'cn=service,dc=ldap,dc=lab',
          servicePassword: 'unused',
        },
      },
    ],
    locate: (person) => ({ dn: `uid=user${person},dc=ldap,dc=lab`, anchor: `anchor-${person}` }),
  });
  product.hold(true);
  const { realm, netbios: domain, baseDn } = samba;
  const findComputer = createDomainControllerLookup({ connect: () => openDomain(samba), baseDn, realm });
  let received = 0;
  const receiver = await startReceiver({
    host: '127.0.0.1',
    port: 0,
    spn,
    identity: await openReceiverIdentity(join(directory, 'channel.pem'), host),
    proveCaller: createDomainControllerProof({ realm, domain, findComputer, clock: wallClock }),
    onChange: async (change, password) => {
      const { status } = await product.engine.receive(change, password);
      if (status === 'accepted') received += 1;
    },
    onHeartbeat: () => undefined,
    events: ({ number, message }) => say(`event ${number}: ${message}`),
    report: (error) => say(`The receiver failed: ${error instanceof Error ? error.stack : error}`),
  });
  try {
    const order: AcceptOrder = {
      options: {
        host: '127.0.0.1',
        port: receiver.port,
        spn,
        pin: receiver.fingerprint,
        principal: `DC1$@${realm}`,
      },
      people,
      // The first round warms both ends up.
      rounds: rounds + 1,
    };
    const { stdout } = await requireCommand(
      process.execPath,
      [join(import.meta.dirname, 'accept-sender-main.ts')],
      {
        input: JSON.stringify(order),
        env: {
          KRB5_CLIENT_KTNAME: `FILE:${samba.secretsKeytab}`,
          KRB5CCNAME: `FILE:${join(directory, 'tickets')}`,
        },
        timeout: 300_000,
      },
    );
    const { perSecond } = JSON.parse(stdout) as AcceptReport;
    if (received !== people * (rounds + 1)) throw new Error(`Only ${received} changes were accepted`);
    say(`accept: ${perSecond.map((rate) => rate.toFixed(0)).join(', ')}/s`);
    return { perSecond: Math.round(median(perSecond.slice(1))) };
  } finally {
    await receiver.stop();
  }
}

async function openDomain(samba: SambaDomain) {
  const connection = await openLdap({ url: samba.ldapsUrl, caFile: samba.caFile, connectTimeout: 5000 });
  using password = SecretBytes.take(new TextEncoder().encode(samba.adminPassword));
  await connection.bindSimple(`${samba.adminUser}@${samba.realm.toLowerCase()}`, password);
  return connection;
}
