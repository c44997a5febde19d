import { contextTag } from '#directory/ber-tag.ts';
import { BerWriter } from '#directory/ber-writer.ts';
import { passwordPolicy } from '#directory/controls/password-policy.ts';
import type { AttributeChange } from '#directory/request-writer.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { ObjectAccess } from '../password-dialect.ts';

/** The password modify extended operation (RFC 3062). */
export const passwordModify = '1.3.6.1.4.1.4203.1.11.1';

/** RFC 3062: the server hashes and checks by its own rules. */
export async function modifyPassword(
  { connection, dn, limits }: ObjectAccess,
  old: SecretBytes | undefined,
  next: SecretBytes,
): Promise<void> {
  const writer = new BerWriter();
  try {
    const value = writer.start();
    writer.text(dn, contextTag(0));
    if (old !== undefined) writer.bytes(old.bytes, contextTag(1));
    writer.bytes(next.bytes, contextTag(2));
    writer.end(value);
    await connection.extended(passwordModify, writer.finish(), { ...limits, controls: [passwordPolicy] });
  } finally {
    writer.wipe();
  }
}

/** A modification of userPassword, where the product gives its reasons only then, or knows no RFC 3062. */
export async function modifyUserPassword(
  { connection, dn, limits }: ObjectAccess,
  old: SecretBytes | undefined,
  next: SecretBytes,
  further: readonly AttributeChange[],
): Promise<void> {
  const attribute = 'userPassword';
  const changes: readonly AttributeChange[] =
    old === undefined
      ? [{ operation: 'replace', attribute, values: [next.bytes] }]
      : [
          { operation: 'delete', attribute, values: [old.bytes] },
          { operation: 'add', attribute, values: [next.bytes] },
        ];
  await connection.modify(dn, [...changes, ...further], { ...limits, controls: [passwordPolicy] });
}
