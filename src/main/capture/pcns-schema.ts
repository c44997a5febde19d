import { readFileSync } from 'node:fs';

import type { LdapConnection } from '#directory/ldap-connection.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { AppError } from '#shared/model/app-error.ts';

import { findAssets } from './find-assets.ts';

const unwilling = 53;
const insufficientRights = 50;

interface SchemaObject {
  readonly dn: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** Adds PCNS' attributes and classes to the forest's schema, those that it lacks. Returns the names added. */
export async function extendPcnsSchema(
  connection: LdapConnection,
  schemaDn: string,
): Promise<readonly string[]> {
  const present = await connection.searchEntries({
    base: schemaDn,
    scope: 'one',
    filter: '(lDAPDisplayName=mS-MIIS-PCNS-*)',
    attributes: ['cn'],
  });
  const known = new Set(present.map(({ dn }) => dn.toLowerCase()));
  const missing = readSchemaObjects(schemaDn).filter(({ dn }) => !known.has(dn.toLowerCase()));
  const isClass = ({ attributes }: SchemaObject) =>
    attributes['objectClass']?.includes('classSchema') ?? false;
  try {
    // A class is accepted only once the directory has taken note of its attributes.
    for (const part of [missing.filter((each) => !isClass(each)), missing.filter(isClass)]) {
      for (const { dn, attributes } of part) await connection.add(dn, attributes);
      if (part.length > 0)
        await connection.modify('', [{ operation: 'add', attribute: 'schemaUpdateNow', values: ['1'] }]);
    }
  } catch (error) {
    throw explain(error);
  }
  return missing.map(({ attributes }) => attributes['lDAPDisplayName']?.[0] ?? '');
}

function explain(error: unknown): unknown {
  if (!(error instanceof LdapError)) return error;
  if (error.code === unwilling)
    return new AppError('forbidden', `The directory does not let its schema be changed: ${error.message}`, {
      fix: 'Do this on the schema master. For Samba, set "dsdb:schema update allowed = yes" in smb.conf, restart it, and take the line out again afterwards.',
      cause: error,
    });
  if (error.code === insufficientRights)
    return new AppError('forbidden', `The schema may not be changed by this user: ${error.message}`, {
      fix: 'Use a member of Schema Admins: /Server: /User: /Password:*',
      cause: error,
    });
  return error;
}

/** The additions of assets/schema/pcns.ldif (RFC 2849, without folded and base64 lines, of which it has none). */
function readSchemaObjects(schemaDn: string): readonly SchemaObject[] {
  const text = readFileSync(`${findAssets('schema')}/pcns.ldif`, 'utf8').replaceAll('{schema}', schemaDn);
  return text.split(/\n\s*\n/).flatMap((record) => {
    const lines = record.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    if (!lines.includes('changetype: add')) return [];
    const attributes: Record<string, string[]> = {};
    let dn = '';
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^:]+): (.*)$/.exec(line) ?? [];
      if (name === 'dn') dn = value;
      else if (name !== 'changetype') attributes[name] = [...(attributes[name] ?? []), value];
    }
    return [{ dn, attributes }];
  });
}
