import type { SsoApplication } from '#shared/model/sso-application.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { FactList } from '#ui/FactList.tsx';
import { SelectField } from '#ui/SelectField.tsx';
import { TextField } from '#ui/TextField.tsx';

import type { DefinitionEdit } from '../definition/definition-edit.ts';
import { typeWords } from './application-words.ts';

/** General: type, name and who to ask. */
export function GeneralPage({ value, errors, made, set }: DefinitionEdit<SsoApplication>) {
  return (
    <>
      {made ? (
        <FactList
          facts={[
            { term: 'Application type:', value: typeWords[value.type] },
            { term: 'Application name:', value: value.name },
          ]}
        />
      ) : (
        <>
          <SelectField
            label="Application type:"
            value={value.type}
            choices={typeWords}
            onChange={(type) =>
              set({
                type,
                users: type === 'host-group' ? [] : value.users,
                windowsAccount: type === 'host-group' ? value.windowsAccount : undefined,
                windowsCredentials: type === 'individual' && value.windowsCredentials,
                restrictedCredentials: type === 'group' && value.restrictedCredentials,
                allowWindowsInitiatedSso: type !== 'host-group',
                allowHostInitiatedSso:
                  type === 'host-group' || (type === 'individual' && value.allowHostInitiatedSso),
              })
            }
          />
          <TextField
            label="Application name:"
            required
            autoFocus
            hint="Without spaces; fixed once the application is made"
            value={value.name}
            error={errors.get('name')}
            onChange={(name) => set({ name })}
          />
        </>
      )}
      <TextField
        label="Description:"
        value={value.description}
        error={errors.get('description') && 'Enter at most 1024 characters'}
        onChange={(description) => set({ description })}
      />
      <TextField
        label="Contact information:"
        hint="Often an e-mail address"
        value={value.contact}
        error={errors.get('contact') && 'Enter at most 256 characters'}
        onChange={(contact) => set({ contact })}
      />
      <div>
        <CheckField
          label="Allow local accounts for access accounts"
          checked={value.allowLocalAccounts}
          onChange={(allowLocalAccounts) => set({ allowLocalAccounts })}
        />
        <br />
        <CheckField
          label="Use SSO Affiliate Admin Accounts for Application Admin accounts"
          checked={value.administratorsSameAsAffiliate}
          disabled={made}
          onChange={(same) =>
            set({
              administratorsSameAsAffiliate: same,
              administrators: same ? [] : value.administrators,
            })
          }
        />
      </div>
      {made ? (
        <FactList
          facts={[
            { term: 'Password sync adapter:', value: value.adapter ?? 'None' },
            { term: 'Password filter:', value: value.passwordFilter ?? 'None' },
          ]}
        />
      ) : null}
    </>
  );
}
