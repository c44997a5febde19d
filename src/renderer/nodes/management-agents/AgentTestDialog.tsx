import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import type { AgentRow } from '#shared/contract/agents.ts';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { Reply } from '#shared/rpc/contract.ts';
import type { Session } from '#state/session.ts';
import { Icon } from '#ui/Icon.tsx';

const names: Readonly<Record<string, string>> = {
  resolve: 'Find the host',
  connect: 'Open a connection',
  tls: 'Protect it with TLS',
  bind: 'Sign in',
  base: 'Open the partition',
  read: 'Read an object',
  'password-rights': 'May set passwords',
};

const useStyles = makeStyles({
  step: { display: 'grid', gridTemplateColumns: '20px 1fr auto', gap: '2px 4px', padding: '4px 0' },
  detail: {
    gridColumn: '2 / 4',
    color: tokens.colorNeutralForeground2,
    userSelect: 'text',
    overflowWrap: 'anywhere',
  },
  ms: { color: tokens.colorNeutralForeground3, fontVariantNumeric: 'tabular-nums' },
});

export interface AgentTestDialogProps {
  readonly agent: AgentRow;
  readonly session: Session;
  onClose(): void;
}

/** Tests a connection step by step; the first step that does not work says why and what to do. */
export function AgentTestDialog({ agent, session, onClose }: AgentTestDialogProps) {
  const styles = useStyles();
  const [result, setResult] = useState<Reply<CarillonContract, 'agents.test'>>();
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    const abort = new AbortController();
    session.client
      .call('agents.test', { agent: agent.id }, { signal: abort.signal })
      .then(setResult, (error: unknown) => setProblem(error instanceof Error ? error.message : 'No answer'));
    return () => abort.abort();
  }, [agent.id, session]);

  return (
    <ConsoleDialog
      title={`Test Connection of ${agent.name}`}
      onClose={onClose}
      buttons={
        <Button size="small" appearance="primary" onClick={onClose}>
          {result === undefined && problem === undefined ? 'Cancel' : 'Close'}
        </Button>
      }
    >
      <div aria-live="polite">
        {problem}
        {result === undefined && problem === undefined ? (
          <Spinner size="tiny" label="Testing the connection..." />
        ) : null}
        {result?.steps.map((step) => (
          <div key={step.name} className={styles.step}>
            <Icon name={step.ok ? 'good' : 'danger'} label={step.ok ? 'Works' : 'Does not work'} />
            <span>{names[step.name] ?? step.name}</span>
            <span className={styles.ms}>{`${step.ms.toFixed(0)} ms`}</span>
            {step.detail === undefined ? null : <span className={styles.detail}>{step.detail}</span>}
            {step.fix === undefined ? null : <strong className={styles.detail}>{step.fix}</strong>}
          </div>
        ))}
      </div>
    </ConsoleDialog>
  );
}
