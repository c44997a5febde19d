import { makeStyles } from '@fluentui/react-components';

import type { SsoAdapter } from '#shared/model/sso-adapter.ts';
import { CheckField } from '#ui/CheckField.tsx';

import type { DefinitionEdit } from '../definition/definition-edit.ts';

const useStyles = makeStyles({
  checks: { display: 'flex', flexDirection: 'column' },
});

/** Options: which ways passwords go. */
export function AdapterOptionsPage({ value, set }: DefinitionEdit<SsoAdapter>) {
  const styles = useStyles();
  const isGroup = value.kind === 'group-adapter';
  return (
    <>
      <div className={styles.checks}>
        <CheckField label="Enabled" checked={value.enabled} onChange={(enabled) => set({ enabled })} />
        <CheckField
          label="Receive password changes from adapter"
          checked={value.receiveChanges}
          disabled={isGroup}
          onChange={(receiveChanges) => set({ receiveChanges })}
        />
        <CheckField
          label="Verify old password"
          checked={value.verifyOldPassword}
          onChange={(verifyOldPassword) => set({ verifyOldPassword })}
        />
        <CheckField
          label="Change Windows password"
          checked={value.changeWindowsPassword}
          disabled={isGroup}
          onChange={(changeWindowsPassword) => set({ changeWindowsPassword })}
        />
        <CheckField
          label="Send Windows password changes to adapter"
          checked={value.sendChanges}
          disabled={isGroup}
          onChange={(sendChanges) => set({ sendChanges })}
        />
        <CheckField
          label="Send old password to adapter"
          checked={value.sendOldPassword}
          onChange={(sendOldPassword) => set({ sendOldPassword })}
        />
        <CheckField
          label="Allow mapping conflicts"
          checked={value.allowMappingConflicts}
          onChange={(allowMappingConflicts) => set({ allowMappingConflicts })}
        />
      </div>
      <span>
        {isGroup
          ? 'A group adapter takes and gives no passwords itself; the adapters in its group do.'
          : 'A direction works only while the system has it enabled too: System Properties, Options.'}
      </span>
    </>
  );
}
