import type { SsoApplication } from '#shared/model/sso-application.ts';
import { LinesField } from '#ui/LinesField.tsx';
import { TextField } from '#ui/TextField.tsx';

import { type DefinitionEdit, errorBelow } from '../definition/definition-edit.ts';

/** Accounts: who administers the application, and who uses it. */
export function AccountsPage({ value, errors, set }: DefinitionEdit<SsoApplication>) {
  return (
    <>
      {value.administratorsSameAsAffiliate ? (
        <span>Application Administrators: the SSO Affiliate Administrators</span>
      ) : (
        <LinesField
          label="Application Administrators:"
          hint="One account or group a line, such as FABRIKAM\App Admins"
          lines={value.administrators}
          error={errorBelow(errors, 'administrators')}
          onChange={(administrators) => set({ administrators: [...administrators] })}
        />
      )}
      {value.type === 'host-group' ? (
        <TextField
          label="Windows account:"
          required
          hint="The one account that every external user is mapped to"
          value={value.windowsAccount ?? ''}
          error={errors.get('windowsAccount')}
          onChange={(account) => set({ windowsAccount: account === '' ? undefined : account })}
        />
      ) : (
        <LinesField
          label="Application Users:"
          hint={
            value.type === 'group'
              ? 'In order: the first that a caller belongs to decides'
              : 'One account or group a line, best groups'
          }
          lines={value.users}
          error={errorBelow(errors, 'users')}
          onChange={(users) => set({ users: [...users] })}
        />
      )}
    </>
  );
}
