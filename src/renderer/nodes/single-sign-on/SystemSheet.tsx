import { Button, makeStyles } from '@fluentui/react-components';

import { useConsole } from '#console/console-context.ts';
import { type SsoSystem, ssoSystemSchema } from '#shared/model/single-sign-on.ts';
import { numberRange } from '#state/number-range.ts';
import type { ConfigurationReading, Draft } from '#state/use-draft.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { FactList } from '#ui/FactList.tsx';
import { GroupBox } from '#ui/GroupBox.tsx';
import { LinesField } from '#ui/LinesField.tsx';
import { NumberField } from '#ui/NumberField.tsx';

import { ConfigurationSheet, type DraftPage } from '../configuration/ConfigurationSheet.tsx';
import { MasterSecretServerDialog } from './secret/MasterSecretServerDialog.tsx';

const { ticketTimeout, credentialCacheTimeout } = ssoSystemSchema.shape;
const auditRange = { min: 0, max: 1_000_000 };

const useStyles = makeStyles({
  row: { display: 'flex', alignItems: 'center', gap: '12px' },
});

export interface SystemSheetProps {
  readonly reading: ConfigurationReading;
  onClose(): void;
}

/** SSO System Properties: General, Accounts, Options, Audits. */
export function SystemSheet({ reading, onClose }: SystemSheetProps) {
  return (
    <ConfigurationSheet<SsoSystem>
      title="System Properties"
      help="single-sign-on"
      reading={reading}
      find={() => ['singleSignOn', 'system']}
      pages={systemPages}
      onClose={onClose}
    />
  );
}

function systemPages(draft: Draft<SsoSystem>): readonly DraftPage[] {
  return [
    {
      id: 'general',
      title: 'General',
      fields: ['masterSecretServer', 'ticketTimeout', 'credentialCacheTimeout'],
      content: <General {...draft} />,
    },
    {
      id: 'accounts',
      title: 'Accounts',
      fields: ['administrators', 'affiliateAdministrators'],
      content: <Accounts {...draft} />,
    },
    { id: 'options', title: 'Options', fields: ['passwordSync'], content: <Options {...draft} /> },
    { id: 'audits', title: 'Audits', fields: ['audits'], content: <Audits {...draft} /> },
  ];
}

function General({ value, change }: Draft<SsoSystem>) {
  const styles = useStyles();
  const { openDialog } = useConsole();
  return (
    <>
      <div className={styles.row}>
        <FactList facts={[{ term: 'Master secret server:', value: value.masterSecretServer ?? 'Not set' }]} />
        <Button
          size="small"
          onClick={() =>
            openDialog((close) => (
              <MasterSecretServerDialog
                name={value.masterSecretServer ?? ''}
                onAccept={(name) => change({ ...value, masterSecretServer: name === '' ? undefined : name })}
                onClose={close}
              />
            ))
          }
        >
          Change
        </Button>
      </div>
      <NumberField
        label="Ticket timeout (in minutes):"
        value={value.ticketTimeout}
        {...numberRange(ticketTimeout)}
        onChange={(minutes) => change({ ...value, ticketTimeout: minutes ?? Number.NaN })}
      />
      <NumberField
        label="Credential cache timeout (in minutes):"
        value={value.credentialCacheTimeout}
        {...numberRange(credentialCacheTimeout)}
        onChange={(minutes) => change({ ...value, credentialCacheTimeout: minutes ?? Number.NaN })}
      />
    </>
  );
}

function Accounts({ value, change, errors, configuration }: Draft<SsoSystem>) {
  if (configuration.singleSignOn.system.enabled)
    return (
      <>
        <span>Disable the system to change its accounts.</span>
        <span>{`SSO Administrators: ${value.administrators.join(', ') || 'not set'}`}</span>
        <span>{`SSO Affiliate Administrators: ${value.affiliateAdministrators.join(', ') || 'not set'}`}</span>
      </>
    );
  const errorBelow = (name: string): string | undefined =>
    [...errors.keys()].some((path) => path.startsWith(name)) ? 'Enter at most 64 accounts' : undefined;
  return (
    <>
      <LinesField
        label="SSO Administrators:"
        hint="One account or group a line, such as FABRIKAM\SSO Administrators"
        lines={value.administrators}
        error={errorBelow('administrators')}
        onChange={(administrators) => change({ ...value, administrators: [...administrators] })}
      />
      <LinesField
        label="SSO Affiliate Administrators:"
        lines={value.affiliateAdministrators}
        error={errorBelow('affiliateAdministrators')}
        onChange={(accounts) => change({ ...value, affiliateAdministrators: [...accounts] })}
      />
    </>
  );
}

function Options({ value, change }: Draft<SsoSystem>) {
  const { passwordSync } = value;
  const sync = (part: Partial<SsoSystem['passwordSync']>): void =>
    change({ ...value, passwordSync: { ...passwordSync, ...part } });
  return (
    <>
      <CheckField
        label="Allow tickets"
        checked={value.allowTickets}
        onChange={(allowTickets) => change({ ...value, allowTickets })}
      />
      <CheckField
        label="Validate tickets"
        checked={value.validateTickets}
        onChange={(validateTickets) => change({ ...value, validateTickets })}
      />
      <CheckField
        label="Allow host initiated SSO"
        checked={value.allowHostInitiatedSso}
        onChange={(allowHostInitiatedSso) => change({ ...value, allowHostInitiatedSso })}
      />
      <GroupBox dense label="Enable Password Sync">
        <CheckField
          label="From Windows to Adapters"
          checked={passwordSync.fromWindowsToAdapters}
          onChange={(fromWindowsToAdapters) => sync({ fromWindowsToAdapters })}
        />
        <CheckField
          label="From Adapters to SSO database (partial sync)"
          checked={passwordSync.fromAdaptersToDatabase}
          onChange={(fromAdaptersToDatabase) => sync({ fromAdaptersToDatabase })}
        />
        <CheckField
          label="From Adapters to Windows (full sync)"
          checked={passwordSync.fromAdaptersToWindows}
          onChange={(fromAdaptersToWindows) => sync({ fromAdaptersToWindows })}
        />
      </GroupBox>
    </>
  );
}

const audits: Readonly<Record<keyof SsoSystem['audits'], string>> = {
  deletedApplications: 'Deleted applications (rows):',
  deletedMappings: 'Deleted mappings (rows):',
  externalCredentialLookups: 'External credential lookups (rows):',
};

function Audits({ value, change }: Draft<SsoSystem>) {
  return (
    <>
      {(Object.keys(audits) as (keyof typeof audits)[]).map((key) => (
        <NumberField
          key={key}
          label={audits[key]}
          value={value.audits[key]}
          {...auditRange}
          onChange={(rows) => change({ ...value, audits: { ...value.audits, [key]: rows ?? Number.NaN } })}
        />
      ))}
    </>
  );
}
