import type { SsoPasswordFilter } from '#shared/model/sso-password-filter.ts';
import { FactList } from '#ui/FactList.tsx';
import { TextField } from '#ui/TextField.tsx';

import type { DefinitionEdit } from '../definition/definition-edit.ts';

/** General: name and description. */
export function FilterGeneralPage({ value, errors, made, set }: DefinitionEdit<SsoPasswordFilter>) {
  return (
    <>
      {made ? (
        <FactList facts={[{ term: 'Name:', value: value.name }]} />
      ) : (
        <TextField
          label="Name:"
          required
          autoFocus
          hint="Without spaces"
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
      <span>
        Case, remove, substitute, maximum and padding are carried out in this order. SSO Administrators own
        every filter; Assign gives it to applications.
      </span>
    </>
  );
}
