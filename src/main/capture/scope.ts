import type { PcnsTarget } from '#shared/model/pcns.ts';

import type { AccountState } from './account-state.ts';

/** Account types of userAccountControl that belong to machines and domains, never to a person (MS-ADTS 2.2.16). */
const machineAccounts = 0x0800 | 0x1000 | 0x2000 | 0x0400_0000;
const machineClasses = new Set([
  'computer',
  'msds-managedserviceaccount',
  'msds-groupmanagedserviceaccount',
  'msds-delegatedmanagedserviceaccount',
  'trusteddomain',
]);
const krbtgtRid = '-502';

/** Why an account never travels, in words; undefined for one that may. */
export function whyNeverSent(account: AccountState): string | undefined {
  if ((account.userAccountControl & machineAccounts) !== 0) return 'it is a computer or trust account';
  const machineClass = account.objectClasses.find((name) => machineClasses.has(name.toLowerCase()));
  if (machineClass !== undefined) return `its class is ${machineClass}`;
  if (account.sid.endsWith(krbtgtRid) || /^krbtgt(_\d+)?$/i.test(account.account))
    return 'it is the key distribution centre';
  return undefined;
}

/**
 * What a target's groups say of one account. `blocked`: one of the groups names no object, so nothing is known
 * about its members; the gate stays shut and the change waits until an administrator has mended the target.
 */
export type ScopeVerdict = 'send' | 'filtered' | 'blocked';

export function decideScope(
  target: Pick<PcnsTarget, 'inclusionSid' | 'exclusionSid'>,
  groups: ReadonlySet<string>,
  resolved: ReadonlySet<string>,
): ScopeVerdict {
  if (unresolvedSids(target, resolved).length > 0) return 'blocked';
  if (!groups.has(target.inclusionSid)) return 'filtered';
  return target.exclusionSid !== undefined && groups.has(target.exclusionSid) ? 'filtered' : 'send';
}

export function groupSids(target: Pick<PcnsTarget, 'inclusionSid' | 'exclusionSid'>): readonly string[] {
  return target.exclusionSid === undefined
    ? [target.inclusionSid]
    : [target.inclusionSid, target.exclusionSid];
}

/** Groups of the target that name no object. */
export function unresolvedSids(
  target: Pick<PcnsTarget, 'inclusionSid' | 'exclusionSid'>,
  resolved: ReadonlySet<string>,
): readonly string[] {
  return groupSids(target).filter((sid) => !resolved.has(sid));
}
