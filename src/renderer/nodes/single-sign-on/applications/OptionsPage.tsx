import { makeStyles } from '@fluentui/react-components';

import { type SsoApplication, ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { numberRange } from '#state/number-range.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { GroupBox } from '#ui/GroupBox.tsx';
import { NumberField } from '#ui/NumberField.tsx';

import type { DefinitionEdit } from '../definition/definition-edit.ts';

const timeoutRange = numberRange(ssoApplicationSchema.shape.ticketTimeout);

const useStyles = makeStyles({
  columns: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(max(180px, 40%), 1fr))',
    gap: '0 12px',
    alignItems: 'start',
  },
});

type Switch = {
  readonly [K in keyof SsoApplication]-?: SsoApplication[K] extends boolean ? K : never;
}[keyof SsoApplication];

/** Options: what single sign-on may do with the application, and who may do what. */
export function OptionsPage({ value, set }: DefinitionEdit<SsoApplication>) {
  const styles = useStyles();
  const check = (key: Switch, label: string, disabled = false) => (
    <CheckField
      key={key}
      label={label}
      checked={value[key]}
      disabled={disabled}
      onChange={(checked) => set({ [key]: checked })}
    />
  );
  const { type } = value;
  return (
    <>
      <div className={styles.columns}>
        <GroupBox dense label="Single sign-on">
          {check('enabled', 'Enabled')}
          {check('allowWindowsInitiatedSso', 'Allow Windows initiated SSO', type === 'host-group')}
          {check('allowHostInitiatedSso', 'Allow host initiated SSO', type !== 'individual')}
          {check('verifyExternalCredentials', 'Verify external credentials')}
          {check('disableCredentialCache', 'Disable credential cache')}
        </GroupBox>
        <GroupBox dense label="Tickets">
          {check('allowTickets', 'Tickets allowed')}
          {check('validateTickets', 'Validate tickets')}
          {check('timeoutTickets', 'Timeout tickets')}
          <NumberField
            label="Ticket timeout (in minutes):"
            value={value.ticketTimeout}
            optional
            {...timeoutRange}
            onChange={(ticketTimeout) => set({ ticketTimeout })}
          />
        </GroupBox>
      </div>
      <GroupBox dense label="Passwords and mappings">
        {check(
          'directPasswordSync',
          'Direct Password Sync from Windows',
          type === 'host-group' || (value.adapter !== undefined && !value.directPasswordSync),
        )}
        {check('restrictMappingCreate', 'Application users cannot create mappings')}
      </GroupBox>
      <span>
        An empty ticket timeout is the system's. SSO Administrators alone change tickets and host initiated
        SSO.
      </span>
    </>
  );
}
