import { Button } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { problemOf } from '#console/problem-of.ts';
import type { SampleState } from '#shared/contract/sample.ts';
import type { TrackingId } from '#shared/model/change.ts';
import { encodeSecret } from '#state/encode-secret.ts';
import { useSession } from '#state/session-context.ts';
import { useReading } from '#state/use-reading.ts';
import { FactList } from '#ui/FactList.tsx';
import { SelectField } from '#ui/SelectField.tsx';
import { TextField } from '#ui/TextField.tsx';

export interface TryItDialogProps {
  readonly sample: SampleState;
  onClose(): void;
}

/** Try It Here: a password is set for a person of the sample company, and is seen to arrive in its systems. */
export function TryItDialog({ sample, onClose }: TryItDialogProps) {
  const session = useSession();
  const [person, setPerson] = useState(sample.people[0]?.id ?? '');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string>();
  const [trackingId, setTrackingId] = useState<TrackingId>();

  const accept = async (): Promise<void> => {
    if (password === '') return;
    try {
      const secret = encodeSecret(password);
      setPassword('');
      const sent = await session.client.call('sample.setPassword', { person, secret });
      setProblem(undefined);
      setTrackingId(sent.trackingId);
    } catch (error) {
      setProblem(problemOf(error).message);
    }
  };
  return (
    <ConsoleDialog
      title="Try It Here"
      help="start"
      onClose={onClose}
      onSubmit={() => void accept()}
      buttons={
        <>
          <Button size="small" appearance="primary" disabled={password === ''} onClick={() => void accept()}>
            Set password
          </Button>
          <Button size="small" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <span>{`A company of ${sample.people.length} people in files and a database of this computer, in ${sample.folder}. No server is needed.`}</span>
      <SelectField
        label="Person:"
        value={person}
        choices={Object.fromEntries(sample.people.map(({ id, name }) => [id, name]))}
        onChange={setPerson}
      />
      <TextField
        label="New password:"
        password
        value={password}
        error={problem}
        hint={`Goes to ${sample.targets.join(', ')}, as if the person had changed it`}
        onChange={setPassword}
      />
      {trackingId === undefined ? null : <Arrivals trackingId={trackingId} />}
    </ConsoleDialog>
  );
}

/** Where the password has arrived so far. */
function Arrivals({ trackingId }: { readonly trackingId: TrackingId }) {
  const { value } = useReading('changes.trace', { trackingId }, ['changes.changed']);
  const deliveries = value?.deliveries ?? [];
  return (
    <div role="status">
      {deliveries.length === 0 ? (
        'On its way...'
      ) : (
        <FactList
          facts={deliveries.map(({ agentName, outcome, state, settledAt }) => ({
            term: `${agentName}:`,
            value:
              settledAt === undefined || value === undefined
                ? state
                : `${outcome ?? state} after ${settledAt - value.receivedAt} ms`,
          }))}
        />
      )}
    </div>
  );
}
