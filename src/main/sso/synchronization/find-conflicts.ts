import type { Mapping } from '../ports.ts';

/** Two accounts that share one password by way of a third, on one adapter. */
export interface MappingConflict {
  readonly allowed: number;
  readonly refused: number;
  readonly message: string;
}

const sameAccount = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

/**
 * What a change of a Windows password would do beyond its own pair of accounts.
 * `mappings` are all that stand on one adapter and have either the Windows account or one of its external accounts.
 */
export function findWindowsConflicts(
  account: string,
  mappings: readonly Mapping[],
): readonly MappingConflict[] {
  const own = mappings.filter(({ windowsAccount }) => sameAccount(windowsAccount, account));
  const external = new Set(own.map(({ externalUser }) => externalUser));
  const found: MappingConflict[] = [];
  if (external.size > 1)
    found.push({
      allowed: 10671,
      refused: 10672,
      message: `${account} is mapped to ${external.size} external accounts: ${[...external].join(', ')}`,
    });
  const other = mappings.find(
    ({ windowsAccount, externalUser }) => external.has(externalUser) && !sameAccount(windowsAccount, account),
  );
  if (other !== undefined)
    found.push({
      allowed: 11020,
      refused: 10819,
      message: `${other.externalUser} is mapped to ${other.windowsAccount} too, whose password it would no longer be`,
    });
  return found;
}

/**
 * What a change of an external password would do beyond its own pair of accounts.
 * `mappings` are all on one adapter that have either the external account or one of its Windows accounts.
 */
export function findExternalConflicts(
  externalUser: string,
  mappings: readonly Mapping[],
): readonly MappingConflict[] {
  const own = mappings.filter((mapping) => mapping.externalUser === externalUser);
  const windows = new Map(own.map(({ windowsAccount }) => [windowsAccount.toLowerCase(), windowsAccount]));
  const found: MappingConflict[] = [];
  if (windows.size > 1)
    found.push({
      allowed: 10673,
      refused: 10674,
      message: `${externalUser} is mapped to ${windows.size} Windows accounts: ${[...windows.values()].join(', ')}`,
    });
  const other = mappings.find(
    (mapping) => windows.has(mapping.windowsAccount.toLowerCase()) && mapping.externalUser !== externalUser,
  );
  if (other !== undefined)
    found.push({
      allowed: 11021,
      refused: 11022,
      message: `${other.windowsAccount} is mapped to ${other.externalUser} too, whose password would change with it`,
    });
  return found;
}
