import { passwordPolicy } from '#directory/controls/password-policy.ts';
import type { AttributeChange } from '#directory/request-writer.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { ObjectAccess } from '../password-dialect.ts';

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
