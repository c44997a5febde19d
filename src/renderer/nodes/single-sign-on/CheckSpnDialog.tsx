import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { Reply } from '#shared/rpc/contract.ts';
import { useSession } from '#state/session-context.ts';
import { FactList } from '#ui/FactList.tsx';
import { Icon } from '#ui/Icon.tsx';
import { TextField } from '#ui/TextField.tsx';

import { toolCommand } from './definition/tool-command.ts';

const useStyles = makeStyles({
  finding: { display: 'grid', gridTemplateColumns: '16px 1fr', gap: '4px 8px' },
  fix: {
    gridColumn: 2,
    margin: 0,
    userSelect: 'text',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    fontSize: tokens.fontSizeBase200,
  },
});

export interface CheckSpnDialogProps {
  /** The server as it stands in the list. */
  readonly server: string;
  onClose(): void;
}

/** Check Service Principal Name: what the directory says of the name that callers connect to, and what mends it. */
export function CheckSpnDialog({ server, onClose }: CheckSpnDialogProps) {
  const styles = useStyles();
  const session = useSession();
  const [connectTo, setConnectTo] = useState(server);
  const [advice, setAdvice] = useState<Reply<CarillonContract, 'sso.checkSpn'>>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const name = connectTo.trim();
  const check = async (): Promise<void> => {
    if (busy || name === '') return;
    setBusy(true);
    setProblem(undefined);
    setAdvice(undefined);
    try {
      setAdvice(await session.client.call('sso.checkSpn', { connectTo: name }));
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <ConsoleDialog
      title="Check Service Principal Name"
      help="single-sign-on"
      width="520px"
      command={toolCommand('ssoconfig', '-checkspn', name || server)}
      onClose={onClose}
      onSubmit={() => void check()}
      buttons={
        <>
          <Button size="small" appearance="primary" disabledFocusable={busy} onClick={() => void check()}>
            Check
          </Button>
          <Button size="small" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <TextField
        label="Connect To:"
        required
        autoFocus
        hint="As Identity Manager and domain controllers write it: short or with its domain"
        value={connectTo}
        error={name === '' ? 'Enter the name of a computer' : undefined}
        onChange={setConnectTo}
      />
      <div role="status">
        {advice === undefined ? null : (
          <FactList
            facts={[
              { term: 'Name:', value: advice.spn },
              { term: 'Registered on:', value: advice.accounts.join(', ') || 'No account' },
              {
                term: 'Clock difference:',
                value:
                  advice.clockDifferenceMs === undefined
                    ? undefined
                    : `${Math.round(advice.clockDifferenceMs / 100) / 10} s`,
              },
              { term: 'Result:', value: advice.findings.length === 0 ? 'Nothing is wrong' : undefined },
            ]}
          />
        )}
      </div>
      {advice?.findings.map(({ message, fix }) => (
        <div key={message} className={styles.finding}>
          <Icon name="warning" label="Finding" />
          <span>{message}</span>
          <pre className={styles.fix}>{fix}</pre>
        </div>
      ))}
      <ProblemBar problem={problem} />
    </ConsoleDialog>
  );
}
