import { Button, makeStyles } from '@fluentui/react-components';

import { useConsole } from '#console/console-context.ts';
import { type Agent, isDirectoryAgent } from '#shared/model/agent.ts';
import type { PasswordSettings } from '#shared/model/password-settings.ts';
import type { Draft } from '#state/use-draft.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { ChoiceField } from '#ui/ChoiceField.tsx';
import { ConnectionSettingsDialog } from './ConnectionSettingsDialog.tsx';
import { SsoConnectionDialog } from './SsoConnectionDialog.tsx';
import { TargetSettingsDialog } from './TargetSettingsDialog.tsx';
import type { TypedSecret } from './typed-secret.ts';

const operations: Readonly<Record<PasswordSettings['operations'], string>> = {
  set: 'Set only',
  change: 'Change only',
  'set-and-change': 'Set and change',
};

const useStyles = makeStyles({
  row: { display: 'flex', alignItems: 'center', gap: '12px', '& > button': { flexShrink: 0 } },
});

export interface ExtensionsPageProps {
  readonly draft: Draft<Agent>;
  readonly secret: TypedSecret;
}

/** Configure Extensions: whether and how passwords are set through this agent. */
export function ExtensionsPage({ draft, secret }: ExtensionsPageProps) {
  const styles = useStyles();
  const { openDialog } = useConsole();
  const { value, change } = draft;
  const { password } = value;
  const set = (part: Partial<PasswordSettings>): void =>
    change({ ...value, password: { ...password, ...part } });
  const accept = (agent: Agent, text: string): void => {
    change(agent);
    secret.type(text);
  };
  return (
    <>
      <CheckField
        label="Enable password management"
        checked={password.enabled}
        onChange={(enabled) => set({ enabled })}
      />
      {isDirectoryAgent(value) || value.kind === 'entsso' ? (
        <div className={styles.row}>
          <span>Connection information for password extension:</span>
          <Button
            size="small"
            onClick={() =>
              openDialog((close) =>
                value.kind === 'entsso' ? (
                  <SsoConnectionDialog
                    connection={value.connection}
                    password={secret.text}
                    onAccept={(connection, text) => accept({ ...value, connection }, text)}
                    onClose={close}
                  />
                ) : (
                  <ConnectionSettingsDialog
                    connection={value.connection}
                    password={secret.text}
                    onAccept={(connection, text) => accept({ ...value, connection }, text)}
                    onClose={close}
                  />
                ),
              )
            }
          >
            Settings
          </Button>
        </div>
      ) : null}
      <ChoiceField
        label="Supported password operations:"
        value={password.operations}
        choices={operations}
        onChange={(next) => set({ operations: next })}
      />
      <div className={styles.row}>
        <span>{`Tries ${password.retryCount} times more, every ${password.retryInterval} seconds`}</span>
        <Button
          size="small"
          onClick={() =>
            openDialog((close) => <TargetSettingsDialog settings={password} onAccept={set} onClose={close} />)
          }
        >
          Target Settings
        </Button>
      </div>
    </>
  );
}
