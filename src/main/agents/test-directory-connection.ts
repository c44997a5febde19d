import { lookup } from 'node:dns/promises';

import { explainFailure } from '#directory/explain-failure.ts';
import type { LdapConnection } from '#directory/ldap-connection.ts';
import { LinkError } from '#directory/link-error.ts';
import type { ConnectionStep } from '#identity/import-source.ts';
import type { DirectoryAgent } from '#shared/model/agent.ts';

import { readResetRight } from './active-directory/reset-right.ts';
import { traitsOf } from './directory-traits.ts';
import { createEntryReader } from './entry-reader.ts';
import { readUserPasswordRight } from './ldap/effective-rights.ts';

/** Milliseconds per answer. */
const timeout = 15_000;

export interface ConnectionTest {
  readonly agent: DirectoryAgent;
  /** Opens a connection without signing in. */
  readonly open: (signal: AbortSignal) => Promise<LdapConnection>;
  readonly signIn: (signal: AbortSignal) => Promise<LdapConnection>;
  readonly signal: AbortSignal;
}

type StepName = ConnectionStep['name'];

interface Finding {
  readonly detail: string;
  /** Present where the step fails. */
  readonly fix?: string;
  /** The step that really failed, where another one led to it. */
  readonly step?: StepName;
}

/** Tries everything that an import and a password change need, step by step, and ends with the first that fails. */
export async function testDirectoryConnection(test: ConnectionTest): Promise<readonly ConnectionStep[]> {
  const { agent, signal } = test;
  const steps: ConnectionStep[] = [];
  const attempt = async (name: StepName, work: () => Promise<Finding>): Promise<boolean> => {
    const started = performance.now();
    const { detail, fix, step = name } = await work().catch((error: unknown) => explain(name, error));
    const ms = Math.round((performance.now() - started) * 10) / 10;
    steps.push({ name: step, ok: fix === undefined, ms, detail, ...(fix === undefined ? {} : { fix }) });
    return fix === undefined;
  };
  const url = URL.parse(agent.connection.url);
  if (url?.protocol !== 'ldapi:' && !(await attempt('resolve', () => resolveHost(url?.hostname ?? ''))))
    return steps;
  const isOpen = await attempt('connect', async () => {
    await (await test.open(signal)).close();
    return { detail: agent.connection.url };
  });
  if (!isOpen) return steps;
  if (url?.protocol === 'ldaps:')
    await attempt('tls', async () => ({ detail: 'the certificate is trusted' }));
  let connection: LdapConnection | undefined;
  try {
    const isSignedIn = await attempt('bind', async () => {
      connection = await test.signIn(signal);
      return { detail: identityOf(agent) };
    });
    if (!isSignedIn || connection === undefined) return steps;
    const signedIn = connection;
    for (const { dn } of agent.partitions)
      if (!(await attempt('base', () => readBase(signedIn, dn, signal)))) return steps;
    const sample: string[] = [];
    const isRead = await attempt('read', async () => {
      const dn = await readSample(signedIn, agent, signal);
      if (dn !== undefined) sample.push(dn);
      return dn === undefined
        ? {
            detail: 'No object is to be seen',
            fix: "Check the partition's filter and containers, and that the account may read them.",
          }
        : { detail: `reads ${dn}` };
    });
    const [dn] = sample;
    if (isRead && dn !== undefined && agent.password.enabled)
      await attempt('password-rights', () => readPasswordRight(signedIn, agent, dn, signal));
    return steps;
  } finally {
    await connection?.close();
  }
}

/** Opening a connection is also where the certificate fails. */
function explain(name: StepName, error: unknown): Finding {
  const { cause, fix, serverText } = explainFailure(error, name === 'bind' ? 'sign-in' : 'request');
  const detail = serverText === undefined ? cause : `${cause}: ${serverText}`;
  return error instanceof LinkError && error.kind === 'tls' ? { detail, fix, step: 'tls' } : { detail, fix };
}

async function resolveHost(host: string): Promise<Finding> {
  try {
    const { address } = await lookup(host.replace(/^\[|\]$/g, ''));
    return { detail: `${host} is ${address}` };
  } catch {
    return { detail: `${host} has no address`, fix: 'Check the name and the name servers.' };
  }
}

function identityOf(agent: DirectoryAgent): string {
  const { authentication } = agent.connection;
  if (authentication.method === 'simple') return `as ${authentication.user}`;
  return authentication.method === 'gssapi'
    ? `as ${authentication.principal ?? 'the holder of the ticket'}`
    : 'as the process itself';
}

async function readBase(connection: LdapConnection, dn: string, signal: AbortSignal): Promise<Finding> {
  const filter = '(objectClass=*)';
  await connection.searchEntries({
    base: dn,
    scope: 'base',
    filter,
    attributes: ['objectClass'],
    timeout,
    signal,
  });
  return { detail: dn };
}

/** Name of one object that an import would show. */
async function readSample(
  connection: LdapConnection,
  agent: DirectoryAgent,
  signal: AbortSignal,
): Promise<string | undefined> {
  const traits = traitsOf(agent);
  const { attributes } = createEntryReader(agent, traits);
  for (const partition of agent.partitions) {
    for (const base of partition.include.length > 0 ? partition.include : [partition.dn]) {
      const filter = partition.filter ?? traits.filter;
      const search = connection.search({
        base,
        scope: 'sub',
        filter,
        attributes,
        pageSize: 1,
        timeout,
        signal,
      });
      // Leaving early abandons the search, where a size limit would end it in an error.
      for await (const item of search) if (item.kind === 'entry') return item.dn;
    }
  }
  return undefined;
}

/** Whether passwords can be set, where the directory tells without setting one. */
async function readPasswordRight(
  connection: LdapConnection,
  agent: DirectoryAgent,
  dn: string,
  signal: AbortSignal,
): Promise<Finding> {
  if (!connection.secure && agent.password.requireSecureConnection)
    return { detail: 'The connection is not protected', fix: 'Use ldaps://.' };
  const { authentication } = agent.connection;
  const limits = { timeout, signal };
  if (agent.kind === 'active-directory') {
    const may = await readResetRight(connection, dn, limits);
    if (may === false)
      return {
        detail: `The account may not reset the password of ${dn}`,
        fix: 'Delegate "Reset password" on the containers of the partition to it.',
      };
    if (may === true) return { detail: `may reset the password of ${dn}` };
  } else if (agent.profile === 'sun' && authentication.method === 'simple') {
    const may = await readUserPasswordRight(connection, authentication.user, dn, limits);
    if (may === false)
      return {
        detail: `The account may not write userPassword of ${dn}`,
        fix: 'Add an access control instruction that allows it to write userPassword.',
      };
    if (may === true) return { detail: `may write userPassword of ${dn}` };
  }
  return { detail: 'the directory does not tell without a change: the first delivery will' };
}
