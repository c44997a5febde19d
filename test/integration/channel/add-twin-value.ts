import { join } from 'node:path';

import { requireCommand } from '#lab/run-command.ts';
import type { SambaDomain } from '#lab/samba-domain.ts';

/** Adds a value to an account's attribute below the checks of the directory, which refuses doubled names. */
const script = `
import ldb, sys
path, base, account, attribute, value = sys.argv[1:]
db = ldb.Ldb(path, flags=ldb.FLG_DONT_CREATE_DB)
found = db.search(base=base, scope=ldb.SCOPE_SUBTREE, expression='(sAMAccountName=%s)' % account, attrs=['cn'])
message = ldb.Message(found[0].dn)
message['new'] = ldb.MessageElement([value], ldb.FLAG_MOD_ADD, attribute)
db.modify(message)
`;

/** Gives an account a name that another one has, as a replication conflict or an old directory leaves behind. */
export async function addTwinValue(
  { directory, baseDn }: SambaDomain,
  account: string,
  attribute: 'servicePrincipalName' | 'userPrincipalName',
  value: string,
): Promise<void> {
  const partition = join(directory, 'private/sam.ldb.d', `${baseDn.toUpperCase()}.ldb`);
  await requireCommand('/usr/bin/python3', ['-c', script, partition, baseDn, account, attribute, value]);
}
