import { AppError } from '#shared/model/app-error.ts';

import type { LdapConnection } from './ldap-connection.ts';
import { LdapError } from './ldap-error.ts';
import type { AttributeValues } from './pcns-entry.ts';

const noSuchObject = 32;
/** What a directory answers to classes and attributes that its schema does not have. */
const schemaCodes = new Set([16, 17, 21, 53, 65]);

export interface PcnsEntry {
  /** The object as it is; undefined makes one. */
  readonly dn: string | undefined;
  readonly name: string;
  readonly objectClass: string;
  /** Every attribute; those without a value are to be absent. */
  readonly values: AttributeValues;
}

export type PcnsWriter = Pick<LdapConnection, 'searchEntries' | 'add' | 'modify'>;

/** Where the objects of PCNS lie in a domain. */
export function pcnsContainer(baseDn: string): string {
  return `CN=Password Change Notification Service,CN=System,${baseDn}`;
}

/** Makes or replaces one of PCNS' objects, and the container that they lie in. Throws `LdapError`. */
export async function writePcnsEntry(
  connection: PcnsWriter,
  baseDn: string,
  { dn, name, objectClass, values }: PcnsEntry,
): Promise<void> {
  if (dn !== undefined) {
    const changes = Object.entries(values).map(([attribute, all]) => ({
      operation: 'replace' as const,
      attribute,
      values: all,
    }));
    await connection.modify(dn, changes);
    return;
  }
  const container = pcnsContainer(baseDn);
  await ensureContainer(connection, container);
  const given = Object.entries(values).filter(([, all]) => all.length > 0);
  await connection.add(`CN=${name},${container}`, {
    objectClass: [objectClass],
    ...Object.fromEntries(given),
  });
}

/** In an administrator's words where the schema lacks PCNS' classes; the error itself where it is another one. */
export function explainPcnsRefusal(error: unknown): unknown {
  if (!(error instanceof LdapError) || !schemaCodes.has(error.code)) return error;
  return new AppError('invalid_configuration', `The directory refuses PCNS' objects: ${error.message}`, {
    fix: 'Run "carillon pcnscfg schema" once in the forest, or keep the configuration in a file ("pcns" in the capture configuration).',
    cause: error,
  });
}

async function ensureContainer(connection: PcnsWriter, dn: string): Promise<void> {
  try {
    await connection.searchEntries({
      base: dn,
      scope: 'base',
      filter: '(objectClass=*)',
      attributes: ['cn'],
    });
  } catch (error) {
    if (!(error instanceof LdapError) || error.code !== noSuchObject) throw error;
    await connection.add(dn, { objectClass: ['container'] });
  }
}
