import { randomUUID } from 'node:crypto';

import { LdapError } from '#directory/ldap-error.ts';
import { readTargetEntry, targetClass, writeTargetEntry } from '#directory/pcns-entry.ts';
import { bytesOf, type SearchEntry, textOf } from '#directory/search-entry.ts';
import { tryFormatSid } from '#directory/security-identifier.ts';
import { explainPcnsRefusal, pcnsContainer, writePcnsEntry } from '#directory/write-pcns-entry.ts';
import { nameBeside, type Receiver } from '#exchange/pcns/pcnscfg-commands.ts';
import type { ListedTarget } from '#exchange/pcns/read-pcns-listing.ts';
import { AppError } from '#shared/model/app-error.ts';
import { type PcnsTarget, pcnsTargetSchema } from '#shared/model/pcns.ts';
import { escapeFilterText } from '#shared/text/filter-text.ts';

import type { Domain } from '../sso/domain-directory.ts';

const noSuchObject = 32;
const insufficientRights = 50;
/** Longest wait for one domain, milliseconds. */
const patience = 15_000;

type Connection = Awaited<ReturnType<Domain['connect']>>;

/**
 * Makes a target that leads here, beside the listed one where the directory has it, or mends the one that was made
 * before; as the account of the domain's management agent. The listed target itself is left alone: whoever gets its
 * changes now still does. Throws `AppError` `not_found` where no domain has its group, `forbidden` where the account
 * has no right to it.
 */
export async function leadTarget(
  target: ListedTarget,
  receiver: Receiver,
  domains: readonly Domain[],
): Promise<void> {
  const domain = domainOf(target, domains);
  const connection = await domain.connect();
  try {
    const before = await findTargets(connection, domain.dn, target.name);
    const own = before.find((entry) => isNamed(entry, nameBeside(target.name)));
    const listed = before.find((entry) => isNamed(entry, target.name));
    const { server, spn, fingerprint } = receiver;
    const fields = {
      ...(own === undefined ? await freshFields(connection, domain, target, listed) : readTargetEntry(own)),
      ...{ server, spn, fingerprint },
    };
    const written = parseTarget(fields);
    await writePcnsEntry(connection, domain.dn, {
      dn: own?.dn,
      name: written.name,
      objectClass: targetClass,
      values: writeTargetEntry(written),
    });
  } catch (error) {
    if (error instanceof LdapError && error.code === insufficientRights)
      throw new AppError('forbidden', `The agent's account may not write targets of PCNS in ${domain.dn}`, {
        fix: 'Run the command on a domain controller, or let the account write below CN=System.',
        cause: error,
      });
    throw explainPcnsRefusal(error);
  }
}

/** The domain of the target's group, or the only one. */
function domainOf({ name, inclusionGroup }: ListedTarget, domains: readonly Domain[]): Domain {
  const unique = [...new Map(domains.map((domain) => [domain.dn.toLowerCase(), domain])).values()];
  const [prefix, group] = inclusionGroup.split('\\');
  const found =
    group === undefined || unique.length === 1
      ? unique.length === 1
        ? unique[0]
        : undefined
      : unique.find((domain) => domain.name.toLowerCase() === prefix?.toLowerCase());
  if (found !== undefined) return found;
  throw new AppError('not_found', `No agent is connected to the domain of the target "${name}"`, {
    fix: 'Import the agent of that domain first, or run the command on one of its domain controllers.',
  });
}

async function findTargets(
  connection: Connection,
  dn: string,
  name: string,
): Promise<readonly SearchEntry[]> {
  const either = [name, nameBeside(name)].map((one) => `(cn=${escapeFilterText(one)})`).join('');
  try {
    return await connection.searchEntries({
      base: pcnsContainer(dn),
      scope: 'sub',
      filter: `(&(objectClass=${targetClass})(|${either}))`,
      signal: AbortSignal.timeout(patience),
    });
  } catch (error) {
    if (error instanceof LdapError && error.code === noSuchObject) return [];
    throw error;
  }
}

/** A target as the listed one: of its object where the directory has it, of the listing where it has not. */
async function freshFields(
  connection: Connection,
  domain: Domain,
  target: ListedTarget,
  listed: SearchEntry | undefined,
): Promise<Record<string, unknown>> {
  const guid = randomUUID();
  if (listed !== undefined)
    return { ...readTargetEntry(listed), guid, name: nameBeside(target.name), disabled: false };
  const { name, exclusionGroup, keepAliveInterval, queueWarningLevel, queueWarningInterval } = target;
  return {
    guid,
    name,
    inclusionSid: await sidOfGroup(connection, domain, target.inclusionGroup),
    ...(exclusionGroup === '' ? {} : { exclusionSid: await sidOfGroup(connection, domain, exclusionGroup) }),
    ...(target.userNameFormat === 1 ? { userNameFormat: 1 } : {}),
    ...{ keepAliveInterval, queueWarningLevel },
    ...(queueWarningInterval === 0 ? {} : { queueWarningInterval }),
  };
}

async function sidOfGroup(connection: Connection, { name, dn }: Domain, group: string): Promise<string> {
  const account = group.slice(group.indexOf('\\') + 1);
  const [entry] = await connection.searchEntries({
    base: dn,
    scope: 'sub',
    filter: `(&(objectClass=group)(sAMAccountName=${escapeFilterText(account)}))`,
    attributes: ['objectSid'],
    signal: AbortSignal.timeout(patience),
  });
  const sid = entry && tryFormatSid(bytesOf(entry, 'objectSid') ?? new Uint8Array());
  if (sid !== undefined) return sid;
  throw new AppError('not_found', `The domain ${name} has no group "${group}"`, {
    fix: 'Make it, or run the command with another group.',
  });
}

function parseTarget(fields: Record<string, unknown>): PcnsTarget {
  const { data, error } = pcnsTargetSchema.safeParse(fields);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw new AppError(
    'invalid_input',
    `The target cannot be made: ${issue?.path.join('.')}: ${issue?.message}`,
    {
      cause: error,
    },
  );
}

function isNamed(entry: SearchEntry, name: string): boolean {
  return textOf(entry, 'cn')?.toLowerCase() === name.toLowerCase();
}
