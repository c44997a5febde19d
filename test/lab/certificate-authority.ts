import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { requireCommand } from './run-command.ts';

export interface ServerCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly caFile: string;
}

/** Makes a certificate authority and one server certificate with the host names and 127.0.0.1 as subject alternative names. */
export async function makeServerCertificate(
  directory: string,
  hosts: readonly string[],
  addresses: readonly string[] = ['127.0.0.1'],
): Promise<ServerCertificate> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = (name: string) => join(directory, name);
  const names = [...hosts.map((host) => `DNS:${host}`), ...addresses.map((address) => `IP:${address}`)];
  writeFileSync(file('extensions'), `subjectAltName=${names.join(',')}\nextendedKeyUsage=serverAuth\n`);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const openssl = (...args: string[]) => requireCommand('openssl', args);
  await openssl(
    'req',
    '-x509',
    ...newKey,
    '-days',
    '3650',
    '-subj',
    `/CN=Lab authority of ${hosts[0]}`,
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
  );
  await openssl(
    'req',
    ...newKey,
    '-subj',
    `/CN=${hosts[0]}`,
    '-keyout',
    file('server.key'),
    '-out',
    file('server.csr'),
  );
  await openssl(
    'x509',
    '-req',
    '-in',
    file('server.csr'),
    '-CA',
    file('ca.pem'),
    '-CAkey',
    file('ca.key'),
    '-days',
    '3650',
    '-extfile',
    file('extensions'),
    '-out',
    file('server.pem'),
  );
  return { certificateFile: file('server.pem'), keyFile: file('server.key'), caFile: file('ca.pem') };
}
