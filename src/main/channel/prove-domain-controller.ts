import { messageOf } from '#shared/model/message-of.ts';

import type { Caller, ProveCaller } from './caller.ts';
import type { ChannelClock } from './channel-clock.ts';
import { ChannelError } from './channel-error.ts';

/** What the directory knows of a computer account. */
export interface ComputerFacts {
  readonly userAccountControl: number;
  readonly primaryGroupId: number;
  /** Whether it lies in the domain's Domain Controllers container. */
  readonly inDomainControllers: boolean;
  /** Whether another account has this name as its user principal name, and so can get tickets in it. */
  readonly hasNameTwin: boolean;
}

/** Looks a computer up by its sAMAccountName; undefined where there is none. */
export type FindComputer = (samAccountName: string) => Promise<ComputerFacts | undefined>;

export interface DomainControllerProofOptions {
  /** Kerberos realm of the domain that changes are taken from. */
  readonly realm: string;
  /** NetBIOS name of that domain. */
  readonly domain: string;
  readonly findComputer: FindComputer;
  readonly clock: ChannelClock;
}

/** How long an answer of the directory counts, milliseconds. */
const lifetime = 60_000;
/** Answers kept at most. */
const capacity = 1024;
/** MS-ADTS 2.2.16. */
const accountDisabled = 0x2;
const serverTrust = 0x2000;
/** MS-ADTS 6.1.1.6.5. */
const domainControllersGroup = 516;

interface Kept {
  readonly until: number;
  readonly caller: Promise<Caller>;
}

/**
 * Takes callers that are writable domain controllers of one domain, and refuses everybody else with event 6914.
 * Read-only controllers count as everybody else: they commit no password change, so they can have captured none.
 */
export function createDomainControllerProof(options: DomainControllerProofOptions): ProveCaller {
  const known = new Map<string, Kept>();
  return (principal) => {
    const now = options.clock.now();
    const kept = known.get(principal);
    if (kept !== undefined && kept.until > now) return kept.caller;
    known.delete(principal);
    for (const oldest of known.keys()) {
      if (known.size < capacity) break;
      known.delete(oldest);
    }
    const caller = prove(principal, options);
    const entry = { until: now + lifetime, caller };
    known.set(principal, entry);
    caller.catch((error: unknown) => {
      // A directory that could not be asked said nothing worth keeping.
      const said = error instanceof ChannelError && error.code === 'not-a-domain-controller';
      if (!said && known.get(principal) === entry) known.delete(principal);
    });
    return caller;
  };
}

async function prove(principal: string, options: DomainControllerProofOptions): Promise<Caller> {
  const refuse = (why: string): ChannelError =>
    new ChannelError('not-a-domain-controller', `${principal} is refused: ${why}`);
  const match = /^([^@/\\]+\$)@([^@/\\]+)$/.exec(principal);
  const [, account, realm] = match ?? [];
  if (account === undefined || realm === undefined) throw refuse('it is no computer account');
  // Realms are case-sensitive (RFC 4120 6.1); Active Directory's are upper-case.
  if (realm !== options.realm.toUpperCase()) throw refuse(`its realm is not ${options.realm.toUpperCase()}`);
  const facts = await ask(options.findComputer, account);
  const why = facts === undefined ? 'the domain has no such computer' : findObstacle(facts);
  if (why !== undefined) throw refuse(why);
  return { principal, account, domain: options.domain };
}

async function ask(findComputer: FindComputer, account: string): Promise<ComputerFacts | undefined> {
  try {
    return await findComputer(account);
  } catch (cause) {
    throw new ChannelError(
      'not-proven',
      `The directory does not say whether ${account} is a domain controller: ${messageOf(cause)}`,
      { cause },
    );
  }
}

function findObstacle(facts: ComputerFacts): string | undefined {
  const { userAccountControl, primaryGroupId, inDomainControllers, hasNameTwin } = facts;
  if (!inDomainControllers) return 'it does not lie in the Domain Controllers container';
  if ((userAccountControl & serverTrust) === 0 || primaryGroupId !== domainControllersGroup)
    return 'it is no writable domain controller';
  if ((userAccountControl & accountDisabled) !== 0) return 'its account is disabled';
  if (hasNameTwin) return 'another account has its name as user principal name';
  return undefined;
}
