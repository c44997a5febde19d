import { useState } from 'react';

import { Wizard } from '#console/Wizard.tsx';
import { channelSchema } from '#shared/model/configuration.ts';
import { numberRange } from '#state/number-range.ts';
import { useSession } from '#state/session-context.ts';
import type { ConfigurationReading } from '#state/use-draft.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { FactList } from '#ui/FactList.tsx';
import { NumberField } from '#ui/NumberField.tsx';
import { TextField } from '#ui/TextField.tsx';

import { commandText } from '../configuration/command-text.ts';
import { channelErrors, firstAnswers, type SetUpAnswers, setUpChanges } from './set-up-answers.ts';

const ports = numberRange(channelSchema.shape.port);

export interface SetUpWizardProps {
  readonly reading: ConfigurationReading;
  /** Name of this computer. */
  readonly host: string;
  onClose(): void;
  /** Goes on to the first management agent. */
  onDirectory(): void;
}

/** Set Up This Computer: where domain controllers deliver, and whether passwords travel. */
export function SetUpWizard({ reading, host, onClose, onDirectory }: SetUpWizardProps) {
  const session = useSession();
  const { channel, passwordSync } = reading.configuration;
  const [answers, setAnswers] = useState(() => firstAnswers(channel, passwordSync.enabled, host));
  const set = (part: Partial<SetUpAnswers>): void => setAnswers({ ...answers, ...part });
  const errors = channelErrors(answers);
  const changes = setUpChanges(answers, channel);

  return (
    <Wizard
      title="Set Up This Computer"
      help="start"
      finish="Finish"
      command={commandText(changes)}
      onClose={onClose}
      onFinish={async () => {
        await session.client.call('configuration.set', {
          changes: [...changes],
          revision: reading.revision,
        });
        if (answers.directory) onDirectory();
      }}
      steps={[
        {
          id: 'receive',
          title: 'Receive password changes',
          invalid: errors.size > 0,
          content: (
            <>
              <span>
                Domain controllers hand changed passwords to this computer. They know it by its service
                principal name, and prove themselves and it with Kerberos.
              </span>
              <CheckField
                label="Receive password changes from domain controllers"
                checked={answers.receive}
                onChange={(receive) => set({ receive })}
              />
              <TextField
                label="Service principal name:"
                value={answers.spn}
                disabled={!answers.receive}
                error={errors.get('spn')}
                hint="On a domain controller: setspn -a, or samba-tool spn add"
                onChange={(spn) => set({ spn })}
              />
              <TextField
                label="Keytab with that name's key:"
                value={answers.keytab}
                disabled={!answers.receive}
                error={errors.get('keytab')}
                onChange={(keytab) => set({ keytab })}
              />
              <TextField
                label="Address:"
                value={answers.host}
                disabled={!answers.receive}
                error={errors.get('host')}
                onChange={(address) => set({ host: address })}
              />
              <NumberField
                label="Port:"
                value={answers.port}
                {...ports}
                disabled={!answers.receive}
                onChange={(port) => set({ port: port ?? Number.NaN })}
              />
            </>
          ),
        },
        {
          id: 'synchronize',
          title: 'Synchronize passwords',
          invalid: false,
          content: (
            <>
              <span>
                Until this is on, changes are received and refused with their reason. It can be switched at
                any time in Tools &gt; Options.
              </span>
              <CheckField
                label="Enable Password Synchronization"
                checked={answers.enabled}
                onChange={(enabled) => set({ enabled })}
              />
              <CheckField
                label="Connect the first directory next"
                checked={answers.directory}
                onChange={(directory) => set({ directory })}
              />
            </>
          ),
        },
        {
          id: 'summary',
          title: 'Summary',
          invalid: false,
          content: (
            <FactList
              facts={[
                {
                  term: 'Receives changes:',
                  value: answers.receive ? `${answers.spn} on ${answers.host}:${answers.port}` : 'No',
                },
                { term: 'Keytab:', value: answers.receive ? answers.keytab : undefined },
                { term: 'Password synchronization:', value: answers.enabled ? 'On' : 'Off' },
                { term: 'Configuration:', value: reading.file },
                {
                  term: 'Next:',
                  value: answers.directory ? 'Create the management agent of Active Directory' : 'Nothing',
                },
              ]}
            />
          ),
        },
      ]}
    />
  );
}
