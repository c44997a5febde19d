import { Button, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import { encodeSecret } from '#state/encode-secret.ts';
import { useSession } from '#state/session-context.ts';
import { FactList } from '#ui/FactList.tsx';
import { TextField } from '#ui/TextField.tsx';

import { toolCommand } from '../definition/tool-command.ts';

const useStyles = makeStyles({ row: { display: 'flex', gap: '8px', alignItems: 'center' } });

interface Verdict {
  readonly secrets: readonly number[];
  readonly hasCurrent: boolean;
  readonly lost: number;
}

export interface BackupDialogProps {
  readonly kind: 'restore' | 'test';
  /** Told when the secret was restored. */
  onDone(): void;
  onClose(): void;
}

/** Restore Secret and Test Backup: both open a backup; restoring says before what it would cost. */
export function BackupDialog({ kind, onDone, onClose }: BackupDialogProps) {
  const styles = useStyles();
  const session = useSession();
  const [file, setFile] = useState('');
  const [password, setPassword] = useState('');
  const [reminder, setReminder] = useState<string>();
  const [verdict, setVerdict] = useState<Verdict>();
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const isRestore = kind === 'restore';
  const path = file.trim();
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      setProblem(problemOf(error));
      setPassword('');
    } finally {
      setBusy(false);
    }
  };
  const readReminder = (): Promise<void> =>
    attempt(async () => {
      const found = await session.client.call('sso.secretReminder', { file: path });
      setReminder(found.reminder || 'The file has no reminder');
    });
  const accept = (): void => {
    setTried(true);
    if (busy || path === '' || password === '') return;
    void attempt(async () => {
      const input = { file: path, password: encodeSecret(password) };
      if (!isRestore || verdict === undefined) {
        const found = await session.client.call('sso.testSecret', input);
        setVerdict(found);
        // A restore that costs nothing asks nothing; any other shows its cost first.
        if (!isRestore || found.lost > 0) return;
      }
      await session.client.call('sso.restoreSecret', input);
      onDone();
      onClose();
    });
  };
  const isCostly = verdict !== undefined && verdict.lost > 0;
  return (
    <ConsoleDialog
      title={isRestore ? 'Restore Secret' : 'Test Backup'}
      help="master-secret"
      width="480px"
      command={toolCommand('ssoconfig', isRestore ? '-restoresecret' : '-testsecret', path || 'backup.bak')}
      onClose={onClose}
      onSubmit={accept}
      buttons={
        <>
          <Button
            size="small"
            appearance={isCostly ? 'secondary' : 'primary'}
            disabledFocusable={busy}
            onClick={accept}
          >
            {isRestore ? (isCostly ? 'Restore all the same' : 'Restore') : 'Test'}
          </Button>
          <Button size="small" onClick={onClose}>
            {isRestore || verdict === undefined ? 'Cancel' : 'Close'}
          </Button>
        </>
      }
    >
      <span>
        {isRestore
          ? 'The secrets of the backup take the place of those of this server; credentials are sealed with the newest of them.'
          : 'The backup is opened and held against the stored credentials. Nothing is changed.'}
      </span>
      <TextField
        label="Backup file:"
        required
        autoFocus
        hint="A full path on the server's host"
        value={file}
        error={tried && path === '' ? 'Enter the path of the file' : undefined}
        onChange={(text) => {
          setFile(text);
          setReminder(undefined);
          setVerdict(undefined);
        }}
      />
      <div className={styles.row}>
        <Button size="small" disabledFocusable={path === '' || busy} onClick={() => void readReminder()}>
          Show reminder
        </Button>
        <span role="status">{reminder}</span>
      </div>
      <TextField
        label="Secret backup password:"
        required
        password
        value={password}
        error={tried && password === '' && problem === undefined ? 'Enter the password' : undefined}
        onChange={setPassword}
      />
      {verdict === undefined ? null : (
        <div role="status">
          <FactList
            facts={[
              { term: 'Secrets in the backup:', value: verdict.secrets.join(', ') },
              { term: 'Current secret:', value: verdict.hasCurrent ? 'In the backup' : 'Not in the backup' },
              {
                term: 'Credentials:',
                value:
                  verdict.lost === 0
                    ? 'All of them open after a restore'
                    : `${verdict.lost} would open no more after a restore`,
              },
            ]}
          />
        </div>
      )}
      <ProblemBar problem={problem} />
    </ConsoleDialog>
  );
}
