import { ConnectionPool } from '#directory/connection-pool.ts';
import { explainFailure } from '#directory/explain-failure.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { modifyPassword } from '#directory/modify-password.ts';
import { textOf } from '#directory/search-entry.ts';
import { readServerFacts } from '#directory/server-facts.ts';
import { signIn } from '#directory/sign-in.ts';
import type { LdapConnection as ConnectionSettings } from '#shared/model/agent.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { AdapterFailure, type AdapterWork, type PasswordReport } from '../client/adapter-work.ts';
import { capturePasswords } from './capture-passwords.ts';

/** noSuchObject and invalidDNSyntax (RFC 4511 4.1.9): nobody's name. */
const nobodyCodes = new Set([32, 34]);
/** busy, unavailable, and what concurrent sets of one account collide with. */
const temporaryCodes = new Set([51, 52, 80, 16]);
const timeout = 30_000;

export interface OpenLdapSettings {
  readonly adapter: string;
  readonly connection: ConnectionSettings;
  /** The adapter's own password; the caller wipes it. */
  readonly password: () => Promise<SecretBytes>;
  readonly baseDn: string;
  /** Attribute that holds what single sign-on calls the external account. */
  readonly accountAttribute: string;
  readonly concurrency: number;
  /** Where slapd's socket overlay calls; without it nothing is captured. */
  readonly overlaySocket?: string | undefined;
  /** Where captured passwords are kept, sealed, until the server has them. */
  readonly reportDirectory: string;
  /** Names whose writes are not told, beside the adapter's own. */
  readonly ignoredWriters: readonly string[];
  readonly log: (line: string) => void;
}

/** OpenLDAP: sets by RFC 3062, captures through the socket overlay on the server itself. */
export function createOpenLdapWork(settings: OpenLdapSettings): AdapterWork {
  const { connection, concurrency, overlaySocket, log } = settings;
  const pool = new ConnectionPool({
    size: concurrency + 1,
    open: (signal) => signIn(connection, { signal, password: settings.password }),
  });
  const own = connection.authentication.method === 'simple' ? [connection.authentication.user] : [];
  const ignored = new Set([...own, ...settings.ignoredWriters].map(foldName));
  const namesOf = new NameCache(settings, pool);
  return {
    software: 'Carillon adapter for OpenLDAP',
    setPassword: async ({ externalAccount }, password, _, signal) => {
      await inWords(async () => {
        const dn = await namesOf.dnOf(externalAccount, signal);
        await pool.use(signal, (ldap) => modifyPassword(ldap, { dn, next: password }, { timeout, signal }));
      });
    },
    probe: (signal) =>
      inWords(() => pool.use(signal, async (ldap) => void (await readServerFacts(ldap, { signal })))),
    ...(overlaySocket === undefined
      ? {}
      : {
          capture: (report: (change: PasswordReport) => Promise<void>) =>
            capturePasswords(
              {
                ...{ overlaySocket, log, adapter: settings.adapter, directory: settings.reportDirectory },
                isIgnored: (writer) => ignored.has(foldName(writer)),
                accountOf: (entry, signal) => namesOf.accountOf(entry, signal),
                opens: (entry, password, signal) => signsIn(connection, entry, password, signal),
              },
              report,
            ),
        }),
    close: () => pool.close(),
  };
}

/** Whether an entry signs in with a password. Throws while the directory cannot say. */
async function signsIn(
  connection: ConnectionSettings,
  entry: string,
  password: SecretBytes,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const own = { ...connection, authentication: { method: 'simple', user: entry } } as const;
    const opened = await signIn(own, { signal, password: async () => SecretBytes.copy(password.bytes) });
    await opened.close();
    return true;
  } catch (error) {
    if (error instanceof LdapError && !temporaryCodes.has(error.code)) return false;
    throw error;
  }
}

/** Which entry an account is, and the other way round. */
class NameCache {
  readonly #settings: OpenLdapSettings;
  readonly #pool: ConnectionPool;

  constructor(settings: OpenLdapSettings, pool: ConnectionPool) {
    this.#settings = settings;
    this.#pool = pool;
  }

  async dnOf(account: string, signal: AbortSignal): Promise<string> {
    const { baseDn, accountAttribute } = this.#settings;
    const filter = `(${accountAttribute}=${escapeFilter(account)})`;
    const request = {
      base: baseDn,
      scope: 'sub',
      filter,
      attributes: ['1.1'],
      sizeLimit: 2,
      timeout,
      signal,
    } as const;
    const found = await this.#pool.use(signal, (ldap) => ldap.searchEntries(request));
    if (found.length > 1)
      throw new AdapterFailure(`${found.length} entries have the account ${account}`, { code: 4 });
    const [entry] = found;
    if (entry === undefined) throw new AdapterFailure(`No entry has the account ${account}`, { code: 32 });
    return entry.dn;
  }

  /** Undefined for an entry that has no account, or lies elsewhere. */
  async accountOf(dn: string, signal: AbortSignal): Promise<string | undefined> {
    const { baseDn, accountAttribute } = this.#settings;
    if (!foldName(dn).endsWith(foldName(baseDn))) return undefined;
    const request = {
      base: dn,
      scope: 'base',
      filter: '(objectClass=*)',
      attributes: [accountAttribute],
      timeout,
      signal,
    } as const;
    try {
      const [entry] = await this.#pool.use(signal, (ldap) => ldap.searchEntries(request));
      return entry === undefined ? undefined : textOf(entry, accountAttribute);
    } catch (error) {
      if (error instanceof LdapError && nobodyCodes.has(error.code)) return undefined;
      throw error;
    }
  }
}

async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AdapterFailure) throw error;
    const { cause, uncertain } = explainFailure(error, 'request');
    const code = error instanceof LdapError ? error.code : 1;
    const isTemporary = error instanceof LdapError ? temporaryCodes.has(code) : true;
    throw new AdapterFailure(cause, { code, isTemporary: isTemporary || uncertain, cause: error });
  }
}

/** RFC 4515 3. */
function escapeFilter(text: string): string {
  return text.replace(/[\\*()\0]/g, (letter) => `\\${letter.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function foldName(dn: string): string {
  return dn
    .toLowerCase()
    .replace(/\s*([,=+])\s*/g, '$1')
    .trim();
}
