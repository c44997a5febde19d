import { useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import type { SsoMapping } from '#shared/contract/sso-mapping.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';
import { encodeFields } from '#state/encode-fields.ts';
import { encodeSecret } from '#state/encode-secret.ts';
import { useSession } from '#state/session-context.ts';
import { FactList } from '#ui/FactList.tsx';

import { toolCommand } from '../definition/tool-command.ts';
import { CredentialFields, emptyCredentials, findCredentialProblems } from './CredentialFields.tsx';

export interface SetCredentialsDialogProps {
  readonly application: SsoApplication;
  readonly mapping: SsoMapping;
  onClose(): void;
}

/** Set Credentials: what single sign-on gives out for one mapping. */
export function SetCredentialsDialog({ application, mapping, onClose }: SetCredentialsDialogProps) {
  const session = useSession();
  const [typed, setTyped] = useState(() => emptyCredentials(application));
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const problems = findCredentialProblems(application, typed);
  const { windowsAccount, externalUser } = mapping;
  const accept = async (): Promise<void> => {
    setTried(true);
    if (problems.size > 0) return;
    try {
      await session.client.call('sso.setCredentials', {
        mapping: { application: application.name, windowsAccount, externalUser },
        fields: encodeFields(typed.values),
        ...(typed.windowsPassword === '' ? {} : { windowsPassword: encodeSecret(typed.windowsPassword) }),
      });
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
      // A wrong entry is not left for the next one who passes by.
      setTyped(emptyCredentials(application));
      setTried(false);
    }
  };
  return (
    <AcceptDialog
      title="Set Credentials"
      help="mappings"
      command={toolCommand('ssomanage', '-setcredentials', windowsAccount, application.name)}
      onClose={onClose}
      verb="Set Credentials"
      onAccept={() => void accept()}
    >
      <FactList
        facts={[
          { term: 'Application:', value: application.name },
          { term: 'Windows account:', value: windowsAccount },
          { term: `${application.fields[0]?.label ?? 'External user'}:`, value: externalUser },
        ]}
      />
      {application.fields.length < 2 ? <span>The application has no credential field.</span> : null}
      <CredentialFields
        autoFocus
        application={application}
        typed={typed}
        problems={tried ? problems : new Map()}
        onChange={setTyped}
      />
      <ProblemBar problem={problem} />
    </AcceptDialog>
  );
}
