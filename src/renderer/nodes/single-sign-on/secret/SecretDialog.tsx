import { useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import { encodeSecret } from '#state/encode-secret.ts';
import { useSession } from '#state/session-context.ts';
import { TextField } from '#ui/TextField.tsx';

import { toolCommand } from '../definition/tool-command.ts';

/** What a backup takes; the service holds it against the same bounds. */
const passwordBytes = { least: 7, most: 256 };
const longestReminder = 512;

export interface SecretDialogProps {
  readonly kind: 'generate' | 'back-up';
  /** Told when it is done. */
  onDone(): void;
  onClose(): void;
}

const words = {
  generate: {
    title: 'Generate Secret',
    button: 'Generate',
    verb: '-generatesecret',
    effect:
      'A new master secret is made and backed up at once. Every credential is sealed with it in the background; the previous secret stays until that is done.',
  },
  'back-up': {
    title: 'Backup Secret',
    button: 'Back up',
    verb: '-backupsecret',
    effect: 'Keep the file and its password apart from each other and from the server.',
  },
} as const;

/** Generate Secret and Backup Secret: both write a backup that a password seals. */
export function SecretDialog({ kind, onDone, onClose }: SecretDialogProps) {
  const session = useSession();
  const [file, setFile] = useState('');
  const [password, setPassword] = useState('');
  const [confirmation, setConfirmation] = useState('');
  const [reminder, setReminder] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const { title, button, verb, effect } = words[kind];
  const wrong = {
    file: file.trim() === '' ? 'Enter the path of the file' : undefined,
    password: findPasswordProblem(password),
    confirmation: password === confirmation ? undefined : 'Is not the same as above',
    reminder:
      [...reminder].length > longestReminder ? `Enter at most ${longestReminder} characters` : undefined,
  };
  const shown = (message: string | undefined): string | undefined => (tried ? message : undefined);
  const accept = async (): Promise<void> => {
    setTried(true);
    if (busy || Object.values(wrong).some((message) => message !== undefined)) return;
    setBusy(true);
    try {
      const input = { file: file.trim(), password: encodeSecret(password), reminder };
      await session.client.call(kind === 'generate' ? 'sso.generateSecret' : 'sso.backUpSecret', input);
      onDone();
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  };
  return (
    <AcceptDialog
      title={title}
      help="master-secret"
      width="480px"
      command={toolCommand(
        'ssoconfig',
        verb,
        file.trim() || 'backup.bak',
        ...(reminder === '' ? [] : [reminder]),
      )}
      onClose={onClose}
      verb={button}
      busy={busy}
      onAccept={() => void accept()}
    >
      <span>{effect}</span>
      <TextField
        label="Backup file:"
        required
        autoFocus
        hint="A full path on the server's host, best on removable media"
        value={file}
        error={shown(wrong.file)}
        onChange={setFile}
      />
      <TextField
        label="Secret backup password:"
        required
        password
        hint={`${passwordBytes.least} to ${passwordBytes.most} characters`}
        value={password}
        error={shown(wrong.password)}
        onChange={setPassword}
      />
      <TextField
        label="Confirm password:"
        required
        password
        value={confirmation}
        error={shown(wrong.confirmation)}
        onChange={setConfirmation}
      />
      <TextField
        label="Password reminder:"
        hint="Can be read from the file without the password"
        value={reminder}
        error={wrong.reminder}
        onChange={setReminder}
      />
      <ProblemBar problem={problem} />
    </AcceptDialog>
  );
}

function findPasswordProblem(password: string): string | undefined {
  const { length } = new TextEncoder().encode(password);
  return length < passwordBytes.least || length > passwordBytes.most
    ? `Enter ${passwordBytes.least} to ${passwordBytes.most} characters`
    : undefined;
}
