import type { LdapConnection } from '#directory/ldap-connection.ts';
import { type SearchEntry, textOf, textsOf } from '#directory/search-entry.ts';

import type { ChannelErrorCode } from './channel-error.ts';
import { maxClockDifference } from './frame.ts';

export interface SpnQuestion {
  /** `class/host`. */
  readonly spn: string;
  /** Distinguished name and NetBIOS name of the domain. */
  readonly baseDn: string;
  readonly domain: string;
  /** Account that should have the name, where known. */
  readonly account?: string | undefined;
  /** This computer's clock, milliseconds since 1970 UTC. */
  readonly now: number;
}

/** What the directory says about a service principal name. */
export interface SpnFinding {
  readonly code: Extract<
    ChannelErrorCode,
    'spn-missing' | 'spn-duplicate' | 'spn-form' | 'clock-skew' | 'no-ticket'
  >;
  readonly message: string;
  /** The commands that put it right. */
  readonly fix: string;
}

export interface SpnDiagnosis {
  /** What is wrong; undefined where all is well. */
  readonly finding: SpnFinding | undefined;
  /** Accounts that have the name. */
  readonly accounts: readonly string[];
  /** Names of other services on the same account: their tickets are sealed with the same key. */
  readonly sisters: readonly string[];
  /** This computer's clock minus the directory's, milliseconds. */
  readonly clockDifferenceMs: number | undefined;
}

interface Holder {
  readonly account: string;
  readonly names: readonly string[];
  readonly isDisabled: boolean;
}

type Connection = Pick<LdapConnection, 'searchEntries'>;

/** Asks the directory whether a service principal name stands on one account, in the right form, and what the time is. */
export async function diagnoseSpn(connection: Connection, question: SpnQuestion): Promise<SpnDiagnosis> {
  const { spn, now } = question;
  const match = /^([A-Za-z0-9_-]+)\/([A-Za-z0-9-]+)((?:\.[A-Za-z0-9-]+)*)$/.exec(spn);
  const [, service = '', label = '', suffix = ''] = match ?? [];
  if (match === null) {
    const finding = {
      code: 'spn-form' as const,
      message: `"${spn}" has not the form class/host`,
      fix: 'Write it as PCNSCLNT/<full host name>.',
    };
    return { finding, accounts: [], sisters: [], clockDifferenceMs: undefined };
  }
  const clockDifferenceMs = await readClockDifference(connection, now);
  // The exact name, and every other form of the same service on the same host.
  const short = `${service}/${label}`;
  const filter = `(|(servicePrincipalName=${short})(servicePrincipalName=${short}.*))`;
  const attributes = ['sAMAccountName', 'servicePrincipalName', 'userAccountControl'];
  const entries = await connection.searchEntries({
    base: question.baseDn,
    scope: 'sub',
    filter,
    attributes,
  });
  const found = entries.map(toHolder);
  const holders = found.filter(({ names }) => names.some((name) => isSame(name, spn)));
  const finding = judge(question, holders, found, { short, isLong: suffix !== '' }, clockDifferenceMs);
  const sisters = holders
    .flatMap(({ names }) => names)
    .filter((name) => !isSame(name.split('/')[0] ?? '', service));
  return { finding, accounts: holders.map(({ account }) => account), sisters, clockDifferenceMs };
}

function judge(
  question: SpnQuestion,
  holders: readonly Holder[],
  others: readonly Holder[],
  form: { readonly short: string; readonly isLong: boolean },
  clockDifferenceMs: number | undefined,
): SpnFinding | undefined {
  const { spn, domain } = question;
  const [first, ...more] = holders;
  if (more.length > 0) {
    const accounts = holders.map(({ account }) => account);
    return {
      code: 'spn-duplicate',
      message: `${spn} stands on ${holders.length} accounts: ${accounts.join(', ')}`,
      fix: `Keep it on the account that runs the service and remove it from the others: ${accounts
        .map((account) => `setspn -D ${spn} ${domain}\\${account} (samba-tool spn delete ${spn} ${account})`)
        .join(', or ')}`,
    };
  }
  if (first === undefined) return explainMissing(question, others, form);
  if (first.isDisabled) {
    const enable = `Enable-ADAccount ${first.account} (samba-tool user enable ${first.account})`;
    return { code: 'no-ticket', message: `${first.account}, which has ${spn}, is disabled`, fix: enable };
  }
  if (clockDifferenceMs !== undefined && Math.abs(clockDifferenceMs) > maxClockDifference) {
    const seconds = Math.round(clockDifferenceMs / 1000);
    return {
      code: 'clock-skew',
      message: `This computer's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the domain's`,
      fix: 'Set it from the domain: w32tm /resync, or chronyc makestep',
    };
  }
  return undefined;
}

function explainMissing(
  { spn, domain, account }: SpnQuestion,
  others: readonly Holder[],
  { short, isLong }: { readonly short: string; readonly isLong: boolean },
): SpnFinding {
  const other = others[0];
  const form = other?.names.find(
    (name) => isSame(name, short) || name.toLowerCase().startsWith(`${short.toLowerCase()}.`),
  );
  if (other === undefined || form === undefined) {
    const who = account ?? '<service account>';
    return {
      code: 'spn-missing',
      message: `No account of ${domain} has the service principal name ${spn}`,
      fix: register(spn, domain, who),
    };
  }
  return {
    code: 'spn-form',
    message: `${spn} is not registered; ${other.account} has the name in ${isLong && isSame(form, short) ? 'its short' : 'another'} form, ${form}`,
    fix: `Register this form too: ${register(spn, domain, other.account)}; or use ${form} in the settings of target and receiver`,
  };
}

/** The command that adds a name: it refuses one that another account has. */
function register(spn: string, domain: string, account: string): string {
  return `setspn -S ${spn} ${domain}\\${account} (samba-tool spn add ${spn} ${account})`;
}

async function readClockDifference(connection: Connection, now: number): Promise<number | undefined> {
  const [root] = await connection.searchEntries({
    base: '',
    scope: 'base',
    filter: '(objectClass=*)',
    attributes: ['currentTime'],
  });
  const text = root === undefined ? undefined : textOf(root, 'currentTime');
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(text ?? '');
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  return now - Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}

function toHolder(entry: SearchEntry): Holder {
  return {
    account: textOf(entry, 'sAMAccountName') ?? entry.dn,
    names: textsOf(entry, 'servicePrincipalName'),
    isDisabled: (Number(textOf(entry, 'userAccountControl') ?? 0) & 0x2) !== 0,
  };
}

function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
