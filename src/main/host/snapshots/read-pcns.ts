import { LdapError } from '#directory/ldap-error.ts';
import { readServiceEntry, readTargetEntry, serviceClass, targetClass } from '#directory/pcns-entry.ts';
import { type SearchEntry, textsOf } from '#directory/search-entry.ts';
import { pcnsContainer } from '#directory/write-pcns-entry.ts';
import type { JsonObject } from '#exchange/snapshot/json-value.ts';
import { toJson } from '#exchange/snapshot/json-value.ts';
import { AppError } from '#shared/model/app-error.ts';
import { pcnsConfigurationSchema } from '#shared/model/pcns.ts';

import type { Domain } from '../sso/domain-directory.ts';

const noSuchObject = 32;
/** Longest wait for one domain, milliseconds. */
const patience = 15_000;

/**
 * What the domain controllers of each domain read from their directory: the service's settings and its targets. A
 * domain without PCNS' objects is left out. Throws `AppError` `unavailable` for a domain that does not answer: a
 * snapshot that was asked for them must not look as if there were none.
 */
export async function readPcns(domains: readonly Domain[]): Promise<readonly JsonObject[]> {
  const unique = new Map(domains.map((domain) => [domain.dn.toLowerCase(), domain]));
  const all = await Promise.all([...unique.values()].map(readDomain));
  return all.flat();
}

async function readDomain(domain: Domain): Promise<readonly JsonObject[]> {
  const { name, dn } = domain;
  let entries: readonly SearchEntry[];
  try {
    const connection = await domain.connect();
    entries = await connection.searchEntries({
      base: pcnsContainer(dn),
      scope: 'sub',
      filter: `(|(objectClass=${serviceClass})(objectClass=${targetClass}))`,
      signal: AbortSignal.timeout(patience),
    });
  } catch (cause) {
    if (cause instanceof LdapError && cause.code === noSuchObject) return [];
    throw new AppError('unavailable', `The objects of PCNS in ${dn} cannot be read`, {
      cause,
      fix: 'Test the connection of the agent, or export without them.',
    });
  }
  const isOf = (wanted: string) => (entry: SearchEntry) =>
    textsOf(entry, 'objectClass').some((value) => value.toLowerCase() === wanted.toLowerCase());
  const [service] = entries.filter(isOf(serviceClass));
  const parsed = pcnsConfigurationSchema.safeParse({
    service: service === undefined ? {} : readServiceEntry(service),
    targets: entries.filter(isOf(targetClass)).map(readTargetEntry),
  });
  if (!parsed.success)
    throw new AppError('damaged', `The objects of PCNS in ${dn} do not hold together`, {
      cause: parsed.error,
      fix: 'Look at them with "carillon pcnscfg list".',
    });
  return entries.length === 0 ? [] : [toJson({ name, ...parsed.data }) as JsonObject];
}
