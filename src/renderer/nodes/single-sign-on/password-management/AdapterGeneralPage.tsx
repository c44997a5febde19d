import { makeStyles } from '@fluentui/react-components';

import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { FactList } from '#ui/FactList.tsx';
import { TextField } from '#ui/TextField.tsx';

import type { DefinitionEdit } from '../definition/definition-edit.ts';

const useStyles = makeStyles({
  checks: { display: 'flex', flexDirection: 'column' },
});

/** General: its name, its computer, and which kind it is. */
export function AdapterGeneralPage({ value, errors, made, set }: DefinitionEdit<SsoAdapter>) {
  const styles = useStyles();
  return (
    <>
      {made ? (
        <FactList
          facts={[
            { term: 'Adapter name:', value: value.name },
            { term: 'Group adapter:', value: value.kind === 'group-adapter' ? 'Yes' : 'No' },
          ]}
        />
      ) : (
        <TextField
          label="Adapter name:"
          required
          autoFocus
          hint="Without spaces; the adapter connects by this name"
          value={value.name}
          error={errors.get('name')}
          onChange={(name) => set({ name })}
        />
      )}
      <TextField
        label="Description:"
        value={value.description}
        error={errors.get('description') && 'Enter at most 1024 characters'}
        onChange={(description) => set({ description })}
      />
      <TextField
        label="Computer:"
        required
        hint="Full name of the host that the adapter runs on, such as intsvr1.fabrikam.com"
        value={value.computer}
        error={errors.get('computer')}
        onChange={(computer) => set({ computer })}
      />
      <div className={styles.checks}>
        {made ? null : (
          <CheckField
            label="Group adapter"
            checked={value.kind === 'group-adapter'}
            onChange={(isGroup) =>
              set(
                isGroup
                  ? { kind: 'group-adapter', sendChanges: false, receiveChanges: false }
                  : { kind: 'adapter' },
              )
            }
          />
        )}
        <CheckField
          label="Allow local accounts for access accounts"
          checked={value.allowLocalAccounts}
          onChange={(allowLocalAccounts) => set({ allowLocalAccounts })}
        />
        <CheckField
          label="Use SSO Affiliate Admin Accounts for Application Admin Accounts"
          checked={value.administratorsSameAsAffiliate}
          onChange={(same) =>
            set({
              administratorsSameAsAffiliate: same,
              administrators: same ? [] : value.administrators,
            })
          }
        />
      </div>
    </>
  );
}
