import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'vitest';

import { dialRemote } from '#host/remote/dial-remote.ts';
import { type Host, startHost } from '#host/start-host.ts';
import { addServiceAccount, exportKeytab, runKinit } from '#lab/kerberos-realm.ts';
import { applyLdif, ldifLine } from '#lab/ldif.ts';
import { activeDirectoryDn, findPerson, initialPassword, people } from '#lab/people.ts';
import { administratorBind, runSambaTool } from '#lab/samba-domain.ts';
import { type CarillonContract, carillonContract } from '#shared/contract/carillon-contract.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';
import { administeredDomain } from '#test/administered-domain.ts';
import { runCliHere } from '#test/run-cli-here.ts';
import { sharedLab } from '#test/shared-lab.ts';

const { samba } = sharedLab();
export const domain = samba.netbios;
export const serverName = 'intsvr1.fabrikam.lab';
const spn = `CARILLON/${serverName}`;
/** Who they are here: an administrator by a nested group, a reader, an Application Administrator, two users. */
export const [sara, albert, anna, user, other] = people.slice(85, 90).map(({ account }) => account) as [
  string,
  string,
  string,
  string,
  string,
];
export const stranger = people[84]?.account ?? '';
const groupDn = (name: string): string => `CN=${name},CN=Users,${samba.baseDn}`;
const personDn = (account: string): string => activeDirectoryDn(findPerson(account), samba.baseDn);
const memberships = new Map([
  ['RA T Staff', [personDn(sara)]],
  ['RA T Admins', [groupDn('RA T Staff')]],
  ['RA T Readers', [personDn(albert)]],
  ['RA T App Admins', [personDn(anna)]],
  ['RA T Users', [personDn(user), personDn(other)]],
]);

/** A service with remote access in the domain, and tickets for each of the people above. */
export class RemoteScene {
  readonly folder = mkdtempSync(join(tmpdir(), 'carillon-remote-'));
  #host: Host | undefined;

  get host(): Host {
    if (this.#host === undefined) throw new Error('The service is not started');
    return this.#host;
  }

  async start(): Promise<void> {
    const keytab = join(this.folder, 'remote.keytab');
    await addServiceAccount(samba, {
      name: 'svc-remote',
      password: 'Lab-Remote-1!',
      servicePrincipalNames: [spn],
    });
    await exportKeytab(samba, keytab, spn);
    const entries = [...memberships].map(([group, members]) =>
      [
        ldifLine('dn', groupDn(group)),
        'objectClass: group',
        ldifLine('sAMAccountName', group),
        ...members.map((member) => ldifLine('member', member)),
        '',
      ].join('\n'),
    );
    await applyLdif(samba.ldapsUrl, entries.join('\n'), administratorBind(samba));
    const configuration = {
      version: 1,
      remote: {
        host: '127.0.0.1',
        port: 0,
        spn,
        keytab,
        administrators: [`${domain}\\RA T Admins`],
        readers: [`${domain}\\RA T Readers`],
      },
      agents: [administeredDomain(samba)],
      singleSignOn: {
        system: { enabled: true, allowTickets: true, administrators: [`${domain}\\RA T Admins`] },
        servers: [{ name: serverName, positiveAuditLevel: 'high' }],
      },
    };
    writeFileSync(join(this.folder, 'carillon.json'), JSON.stringify(configuration));
    this.#host = await startHost({ dataDirectory: this.folder });
    await this.local(['agents', 'set-password', 'ADMA'], `${samba.adminPassword}\n`);
    await this.local(['ssoconfig', '-generatesecret', join(this.folder, 'secret.bak')], 'Backup-1234\n');
    for (const account of [sara, albert, anna, user, other, stranger]) {
      const done = await runKinit(
        samba,
        account,
        initialPassword(findPerson(account)),
        this.cacheOf(account),
      );
      expect(done.stderr).toBe('');
    }
  }

  async stop(): Promise<void> {
    await this.#host?.stop();
    const gone = [...memberships.keys()].map((group) => `dn: ${groupDn(group)}\nchangetype: delete\n`);
    await applyLdif(samba.ldapsUrl, gone.join('\n'), administratorBind(samba));
    await runSambaTool(samba, ['user', 'delete', 'svc-remote']);
    rmSync(this.folder, { recursive: true, force: true });
  }

  cacheOf(account: string): string {
    return `FILE:${join(this.folder, `${account}.tickets`)}`;
  }

  async address() {
    const { remote } = await this.host.status();
    return { host: serverName, port: remote.port ?? 0, fingerprint: remote.fingerprint ?? '' };
  }

  async serverArgument(): Promise<string> {
    const { port } = await this.address();
    return `${serverName}:${port}`;
  }

  /** One command line at the server itself. */
  async local(args: readonly string[], stdin = ''): Promise<string> {
    const { code, stdout, stderr } = await runCliHere([...args, '--data', this.folder], stdin);
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    return stdout;
  }

  /** One command line as this user, whose tickets and known servers are all that it has. */
  async as(account: string, args: readonly string[], stdin = '') {
    process.env['KRB5CCNAME'] = this.cacheOf(account);
    return await runCliHere(args, stdin, { XDG_CONFIG_HOME: join(this.folder, account) });
  }

  /** One command line on the server's remote access, which works. */
  async on(account: string, args: readonly string[], stdin = ''): Promise<string> {
    const server = await this.serverArgument();
    const { code, stdout, stderr } = await this.as(account, [...args, '--server', server], stdin);
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    return stdout;
  }

  /** The same, which does not. */
  async refused(account: string, args: readonly string[], stdin = '') {
    const server = await this.serverArgument();
    const { code, stderr } = await this.as(account, [...args, '--server', server], stdin);
    expect(code).not.toBe(0);
    return { code, stderr };
  }

  /** Remembers the server's key for this user. */
  async trust(account: string): Promise<void> {
    const { fingerprint } = await this.address();
    const server = await this.serverArgument();
    expect((await this.as(account, ['servers', 'trust', server, fingerprint])).code).toBe(0);
  }

  /** What an outside program does: a connection of its own, from this address. */
  async asProgram<T>(
    account: string,
    work: (client: Client<CarillonContract>) => Promise<T>,
    localAddress = '127.0.0.9',
  ): Promise<T> {
    process.env['KRB5CCNAME'] = this.cacheOf(account);
    const { port, fingerprint } = await this.address();
    const connection = await dialRemote({
      address: { host: serverName, port },
      trust: { pin: fingerprint },
      purpose: 'program',
      localAddress,
    });
    try {
      return await work(connect(carillonContract, connection.port));
    } finally {
      connection.port.close('Done');
    }
  }
}
