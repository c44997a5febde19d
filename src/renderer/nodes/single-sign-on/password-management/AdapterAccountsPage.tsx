import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import { LinesField } from '#ui/LinesField.tsx';

import { type DefinitionEdit, errorBelow } from '../definition/definition-edit.ts';

/** Accounts: who administers the adapter, and who its process may be. */
export function AdapterAccountsPage({ value, errors, set }: DefinitionEdit<SsoAdapter>) {
  return (
    <>
      {value.administratorsSameAsAffiliate ? (
        <span>Application Administrators: the SSO Affiliate Administrators</span>
      ) : (
        <LinesField
          label="Application Administrators:"
          hint="One account or group a line"
          lines={value.administrators}
          error={errorBelow(errors, 'administrators')}
          onChange={(administrators) => set({ administrators: [...administrators] })}
        />
      )}
      <LinesField
        label="Application Users (access account):"
        hint="A group that the account of the adapter's process belongs to"
        lines={value.users}
        error={errorBelow(errors, 'users')}
        onChange={(users) => set({ users: [...users] })}
      />
    </>
  );
}
