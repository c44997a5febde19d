import { X509Certificate } from 'node:crypto';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';

import { isDirectoryAgent } from '#shared/model/agent.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { RuleBreach } from '#shared/model/find-rule-breaches.ts';

import { findKeytabBreaches, type NamedKeytab } from './find-keytab-breaches.ts';

type Path = RuleBreach['path'];
type Severity = RuleBreach['severity'];

/** Checks the files that a configuration names: there, readable, private where they hold keys, and of use. */
export function findFileBreaches(configuration: Configuration): readonly RuleBreach[] {
  const { channel, remote, keyKeeper, logFile, agents, singleSignOn } = configuration;
  const breaches: RuleBreach[] = [];
  const keytabs: NamedKeytab[] = [];
  const add = (severity: Severity, path: Path, message: string, fix: string): void => {
    breaches.push({ severity, path, message, fix });
  };

  /** Whether the file is there and of use; says why not. */
  function look(path: Path, file: string, what: string, secret: boolean): boolean {
    if (!isAbsolute(file)) {
      add('error', path, `"${file}" is not an absolute path`, 'Write the path from the root on.');
      return false;
    }
    try {
      const found = statSync(file);
      if (found.isDirectory()) {
        add('error', path, `"${file}" is a directory`, `Name the ${what} itself.`);
        return false;
      }
      accessSync(file, constants.R_OK);
      if (secret && process.platform !== 'win32' && (found.mode & 0o077) !== 0)
        add(
          'error',
          path,
          `Others than its owner may use "${file}" (mode ${(found.mode & 0o777).toString(8)})`,
          `Run: chmod 600 '${file}'`,
        );
      // A named pipe gives its content once, to the service.
      return found.isFile();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const state = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
      add('error', path, `"${file}" ${state}`, `Put the ${what} there, or correct the path.`);
      return false;
    }
  }

  function checkCertificates(path: Path, file: string): void {
    if (!look(path, file, 'certificate', false)) return;
    try {
      const { validTo, subject } = new X509Certificate(readFileSync(file));
      const left = Date.parse(validTo) - Date.now();
      if (left < 0) add('error', path, `The certificate ${subject} expired on ${validTo}`, 'Renew it.');
      else if (left < 30 * 86_400_000)
        add('warning', path, `The certificate ${subject} expires on ${validTo}`, 'Renew it in time.');
    } catch {
      add('error', path, `"${file}" holds no certificate in PEM form`, 'Export it as Base-64 encoded X.509.');
    }
  }

  function checkKeytab(path: Path, file: string, name: string | undefined): void {
    if (look(path, file, 'keytab', true)) keytabs.push({ path, file, name });
  }

  if (channel !== undefined) {
    checkKeytab(['channel', 'keytab'], channel.keytab, channel.spn);
    if (!channel.spn.slice(channel.spn.indexOf('/')).includes('.'))
      add(
        'warning',
        ['channel', 'spn'],
        `"${channel.spn}" names its host in the short form, which domain controllers do not find (event 6025)`,
        'Use the full name of the host, as in PCNSCLNT/server.example.com.',
      );
    checkIdentity('channel', channel);
  }
  if (remote !== undefined) {
    checkKeytab(['remote', 'keytab'], remote.keytab, remote.spn);
    checkIdentity('remote', remote);
    if ([...remote.administrators, ...remote.operators, ...remote.readers].length === 0)
      add(
        'warning',
        ['remote'],
        'Nobody is named who may do anything over remote access but single sign-on',
        'Name groups in "administrators", "operators" or "readers".',
      );
  }
  const { listen } = singleSignOn;
  const listenKeytab = listen?.keytab ?? channel?.keytab;
  if (listen !== undefined && listenKeytab !== undefined)
    checkKeytab(['singleSignOn', 'listen', 'keytab'], listenKeytab, listen.spn);
  if (keyKeeper.kind === 'passphrase') look(['keyKeeper', 'path'], keyKeeper.path, 'passphrase', true);
  // The key file itself is made at the first start.
  if (keyKeeper.kind === 'key-file' && keyKeeper.path !== undefined)
    checkFolder(['keyKeeper', 'path'], keyKeeper.path, 'key file');
  if (logFile !== undefined) checkFolder(['logFile', 'path'], logFile.path, 'log');
  for (const [index, agent] of agents.entries()) {
    const path = ['agents', index, 'connection'];
    if ('caFile' in agent.connection && agent.connection.caFile !== undefined)
      checkCertificates([...path, 'caFile'], agent.connection.caFile);
    if (!isDirectoryAgent(agent)) continue;
    const { authentication } = agent.connection;
    if (authentication.method === 'gssapi' && authentication.keytab !== undefined)
      checkKeytab([...path, 'authentication', 'keytab'], authentication.keytab, authentication.principal);
  }
  return [...breaches, ...findKeytabBreaches(keytabs)];

  function checkIdentity(
    key: string,
    {
      certificateFile,
      keyFile,
    }: { readonly certificateFile?: string | undefined; readonly keyFile?: string | undefined },
  ): void {
    if (certificateFile !== undefined) checkCertificates([key, 'certificateFile'], certificateFile);
    if (keyFile !== undefined) look([key, 'keyFile'], keyFile, 'private key', true);
    if ((certificateFile === undefined) !== (keyFile === undefined))
      add(
        'error',
        [key],
        'A certificate and its key belong together',
        'Give both "certificateFile" and "keyFile", or neither.',
      );
  }

  function checkFolder(path: Path, file: string, what: string): void {
    if (!isAbsolute(file)) {
      add('error', path, `"${file}" is not an absolute path`, 'Write the path from the root on.');
      return;
    }
    try {
      statSync(dirname(file));
    } catch {
      add(
        'error',
        path,
        `The folder of the ${what}, "${dirname(file)}", does not exist`,
        `Run: mkdir -p '${dirname(file)}'`,
      );
    }
  }
}
