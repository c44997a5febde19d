import { readFileSync } from 'node:fs';

import { AppError } from '#shared/model/app-error.ts';
import type { RuleBreach } from '#shared/model/find-rule-breaches.ts';

import { type KeytabEntry, readKeytabNames } from './keytab-names.ts';

/** A keytab that a configuration names, and the name whose key it is there for. */
export interface NamedKeytab {
  readonly path: RuleBreach['path'];
  readonly file: string;
  readonly name: string | undefined;
}

/**
 * Checks keytabs that can be read: of the right form, with the key that they are there for, and each service with a
 * key of its own. Names of one account share its key, so that a ticket for one opens the other.
 */
export function findKeytabBreaches(keytabs: readonly NamedKeytab[]): readonly RuleBreach[] {
  const breaches: RuleBreach[] = [];
  const read = keytabs.flatMap((keytab) => {
    const { path, file } = keytab;
    const bytes = readFileSync(file);
    try {
      return [{ ...keytab, entries: readKeytabNames(bytes) }];
    } catch (error) {
      const reason = error instanceof AppError ? error.message : 'It cannot be read';
      breaches.push({
        severity: 'error',
        path,
        message: `"${file}": ${reason}`,
        fix: 'Export the keytab anew.',
      });
      return [];
    } finally {
      bytes.fill(0);
    }
  });
  const all = read.flatMap(({ entries }) => entries);
  for (const { path, file, name, entries } of read) {
    if (name === undefined) continue;
    const own = entries.filter((entry) => isOf(entry, name));
    if (own.length === 0) {
      const names = [...new Set(entries.map(({ principal }) => principal))].join(', ') || 'none at all';
      breaches.push({
        severity: 'error',
        path,
        message: `The keytab has no key of ${name}; it has ${names}`,
        fix: `Export one: samba-tool domain exportkeytab '${file}' --principal=${name}`,
      });
      continue;
    }
    const twins = findTwins(own, all);
    if (!name.includes('/') || twins.length === 0) continue;
    breaches.push({
      severity: 'warning',
      path,
      message: `${name} shares its key with ${twins.join(', ')}: they are names of one account`,
      fix: 'Register each service name on an account of its own.',
    });
  }
  return breaches;
}

function isOf({ principal }: KeytabEntry, name: string): boolean {
  const wanted = name.toLowerCase();
  return principal.toLowerCase() === wanted || bare(principal) === wanted;
}

/** Names of other services that a key of `own` belongs to as well. */
function findTwins(own: readonly KeytabEntry[], all: readonly KeytabEntry[]): readonly string[] {
  const keys = new Set(own.map(({ keyDigest }) => keyDigest));
  const services = new Set(own.map(({ principal }) => serviceOf(principal)));
  const twins = all.filter(
    ({ principal, keyDigest }) =>
      principal.includes('/') && keys.has(keyDigest) && !services.has(serviceOf(principal)),
  );
  return [...new Set(twins.map(({ principal }) => principal))];
}

/** The name without its realm. */
function bare(principal: string): string {
  return principal.slice(0, principal.lastIndexOf('@')).toLowerCase();
}

function serviceOf(principal: string): string | undefined {
  return principal.split('/')[0]?.toLowerCase();
}
