import { useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import { windowsAccountSchema } from '#shared/model/sso-account.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';
import { writeMappingXml } from '#shared/text/write-mapping-xml.ts';
import { encodeFields } from '#state/encode-fields.ts';
import { encodeSecret } from '#state/encode-secret.ts';
import { useSession } from '#state/session-context.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { FactList } from '#ui/FactList.tsx';
import { SelectField } from '#ui/SelectField.tsx';
import { TextField } from '#ui/TextField.tsx';

import { commandWithFile } from '../definition/tool-command.ts';
import { CredentialFields, emptyCredentials, findCredentialProblems } from './CredentialFields.tsx';

export interface NewMappingDialogProps {
  readonly application: SsoApplication;
  onClose(): void;
}

/** New Mapping: one Windows account and one account of the application, with its credentials if wanted. */
export function NewMappingDialog({ application, onClose }: NewMappingDialogProps) {
  const session = useSession();
  const { name, type, users } = application;
  const [windowsAccount, setWindows] = useState(
    type === 'host-group' ? (application.windowsAccount ?? '') : type === 'group' ? (users[0] ?? '') : '',
  );
  const [externalUser, setExternal] = useState('');
  const [enable, setEnable] = useState(true);
  const [withCredentials, setWithCredentials] = useState(false);
  const [typed, setTyped] = useState(() => emptyCredentials(application));
  const [tried, setTried] = useState(false);
  const [made, setMade] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const account = windowsAccountSchema.safeParse(windowsAccount);
  const problems = withCredentials ? findCredentialProblems(application, typed) : new Map<string, string>();
  const shown = (message: string | undefined | false): string | undefined =>
    tried && message ? message : undefined;

  const create = async (): Promise<void> => {
    setTried(true);
    if (!account.success || externalUser === '' || problems.size > 0) return;
    const mapping = { application: name, windowsAccount: account.data, externalUser };
    try {
      // Create after a refused password must not make it again.
      if (!made) await session.client.call('sso.createMappings', { mappings: [mapping], enable });
      setMade(true);
      if (withCredentials)
        await session.client.call('sso.setCredentials', {
          mapping,
          fields: encodeFields(typed.values),
          ...(typed.windowsPassword === '' ? {} : { windowsPassword: encodeSecret(typed.windowsPassword) }),
        });
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };

  return (
    <AcceptDialog
      title="New Mapping"
      help="mappings"
      command={commandWithFile(
        'ssomanage',
        '-createmappings',
        'mapping.xml',
        writeMappingXml(name, [{ windowsAccount, externalUser }]),
      )}
      onClose={onClose}
      verb="Create"
      onAccept={() => void create()}
    >
      <FactList facts={[{ term: 'Application:', value: name }]} />
      {type === 'individual' ? (
        <TextField
          label="Windows account:"
          required
          autoFocus
          hint="A user, such as FABRIKAM\jdoe"
          value={windowsAccount}
          error={shown(account.error?.issues[0]?.message)}
          onChange={setWindows}
        />
      ) : type === 'group' ? (
        <SelectField
          label="Windows account:"
          value={windowsAccount}
          choices={Object.fromEntries(users.map((user) => [user, user]))}
          onChange={setWindows}
        />
      ) : (
        <FactList facts={[{ term: 'Windows account:', value: windowsAccount }]} />
      )}
      <TextField
        label="External user:"
        required
        hint={application.fields[0]?.label ?? ''}
        value={externalUser}
        error={shown(externalUser === '' && 'Enter the account of the application')}
        onChange={setExternal}
      />
      <CheckField label="Enable the mapping" checked={enable} onChange={setEnable} />
      {application.fields.length < 2 ? null : (
        <CheckField label="Set its credentials now" checked={withCredentials} onChange={setWithCredentials} />
      )}
      {withCredentials ? (
        <CredentialFields
          application={application}
          typed={typed}
          problems={tried ? problems : new Map()}
          onChange={setTyped}
        />
      ) : null}
      <ProblemBar problem={problem} />
    </AcceptDialog>
  );
}
