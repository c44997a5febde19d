import { type AuditLevel, type SsoServer, ssoServerSchema } from '#shared/model/single-sign-on.ts';
import { numberRange } from '#state/number-range.ts';
import type { ConfigurationReading, Draft } from '#state/use-draft.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { FactList } from '#ui/FactList.tsx';
import { NumberField } from '#ui/NumberField.tsx';
import { SelectField } from '#ui/SelectField.tsx';
import { TextField } from '#ui/TextField.tsx';

import { ConfigurationSheet, type DraftPage } from '../configuration/ConfigurationSheet.tsx';

const levels: Readonly<Record<AuditLevel, string>> = {
  none: 'None',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
};

const ageRange = numberRange(ssoServerSchema.shape.passwordSyncAge);

export interface ServerSheetProps {
  readonly name: string;
  /** As of the last refresh. */
  readonly status: string;
  readonly reading: ConfigurationReading;
  onClose(): void;
}

/** Properties of an SSO server. */
export function ServerSheet({ name, status, reading, onClose }: ServerSheetProps) {
  return (
    <ConfigurationSheet<SsoServer>
      title={`${name} Properties`}
      help="single-sign-on"
      reading={reading}
      find={({ singleSignOn }) => {
        const index = singleSignOn.servers.findIndex((server) => server.name === name);
        return index === -1 ? undefined : ['singleSignOn', 'servers', index];
      }}
      pages={(draft) => serverPages(draft, status)}
      onClose={onClose}
    />
  );
}

function serverPages({ value, change, errors }: Draft<SsoServer>, status: string): readonly DraftPage[] {
  const set = (part: Partial<SsoServer>): void => change({ ...value, ...part });
  return [
    {
      id: 'audit',
      title: 'Audit Levels',
      fields: ['positiveAuditLevel', 'negativeAuditLevel'],
      content: (
        <>
          <SelectField
            label="Positive Audit Level:"
            value={value.positiveAuditLevel}
            choices={levels}
            onChange={(positiveAuditLevel) => set({ positiveAuditLevel })}
          />
          <SelectField
            label="Negative Audit Level:"
            value={value.negativeAuditLevel}
            choices={levels}
            onChange={(negativeAuditLevel) => set({ negativeAuditLevel })}
          />
          <FactList facts={[{ term: 'Status:', value: status }]} />
        </>
      ),
    },
    {
      id: 'database',
      title: 'SSO Database',
      fields: ['sqlServer', 'database', 'useSsl'],
      content: (
        <>
          <TextField
            label="SQL Server:"
            value={value.sqlServer}
            error={errors.get('sqlServer') && 'Enter at most 255 characters'}
            onChange={(sqlServer) => set({ sqlServer })}
          />
          <TextField
            label="SSO Database:"
            value={value.database}
            error={errors.get('database') && 'Enter at most 128 characters'}
            onChange={(database) => set({ database })}
          />
          <CheckField
            label="Use SSL when connecting to SQL Server"
            checked={value.useSsl}
            onChange={(useSsl) => set({ useSsl })}
          />
          <span>
            This is what the list of servers shows. Create Database and Set Database at System choose the
            database itself.
          </span>
        </>
      ),
    },
    {
      id: 'service',
      title: 'SSO Service',
      fields: ['serviceAccount'],
      content: (
        <TextField
          label="Service Account:"
          hint="A member of SSO Administrators, such as FABRIKAM\ssosvcact"
          value={value.serviceAccount}
          error={errors.get('serviceAccount') && 'Enter at most 256 characters'}
          onChange={(serviceAccount) => set({ serviceAccount })}
        />
      ),
    },
    {
      id: 'sync',
      title: 'Password Sync',
      fields: ['passwordSyncAge'],
      content: (
        <>
          <NumberField
            label="Password Sync Age (in hours):"
            value={value.passwordSyncAge}
            {...ageRange}
            onChange={(hours) => set({ passwordSyncAge: hours ?? Number.NaN })}
          />
          <CheckField
            label="Allow Password Sync from PCNS"
            checked={value.allowPasswordSyncFromPcns}
            onChange={(allowPasswordSyncFromPcns) => set({ allowPasswordSyncFromPcns })}
          />
          <CheckField
            label="Allow password sync from MIIS"
            checked={value.allowPasswordSyncFromMiis}
            onChange={(allowPasswordSyncFromMiis) => set({ allowPasswordSyncFromMiis })}
          />
          <CheckField
            label="Allow password sync from FIM 2007"
            checked={value.allowPasswordSyncFromFim2007}
            onChange={(allowPasswordSyncFromFim2007) => set({ allowPasswordSyncFromFim2007 })}
          />
          <CheckField
            label="Allow password sync from FIM"
            checked={value.allowPasswordSyncFromFim}
            onChange={(allowPasswordSyncFromFim) => set({ allowPasswordSyncFromFim })}
          />
        </>
      ),
    },
    {
      id: 'advanced',
      title: 'Advanced',
      fields: ['allowRemoteLookup'],
      content: (
        <CheckField
          label="Allow Remote Lookup"
          checked={value.allowRemoteLookup}
          onChange={(allowRemoteLookup) => set({ allowRemoteLookup })}
        />
      ),
    },
  ];
}
