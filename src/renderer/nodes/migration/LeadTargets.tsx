import { makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';

import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import type { MigrationPreview } from '#shared/contract/migration.ts';
import type { Session } from '#state/session.ts';

import { TargetList } from './TargetList.tsx';

const useStyles = makeStyles({
  heading: { margin: '8px 0 0', fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold },
});

export interface LeadTargetsProps {
  readonly session: Session;
  /** Whether the agents were tested: before that nobody can sign in to the directory. */
  readonly ready: boolean;
}

/** Targets of PCNS once the agents are here: each is made to lead to this server by the account of its domain's agent. */
export function LeadTargets({ session, ready }: LeadTargetsProps) {
  const styles = useStyles();
  const [targets, setTargets] = useState<MigrationPreview['targets']>([]);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!ready) return;
    const abort = new AbortController();
    session.client.call('migration.preview', {}, { signal: abort.signal }).then(
      (preview) => setTargets(preview.targets),
      (error: unknown) => abort.signal.aborted || setProblem(problemOf(error)),
    );
    return () => abort.abort();
  }, [session, ready]);
  const lead = async (target: string): Promise<void> => {
    setProblem(undefined);
    setBusy(true);
    try {
      await session.client.call('migration.lead', { target });
      setTargets((await session.client.call('migration.preview', {})).targets);
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  if (!ready || targets.length === 0) return problem === undefined ? null : <ProblemBar problem={problem} />;
  return (
    <>
      <h3 className={styles.heading}>Targets of PCNS</h3>
      <TargetList targets={targets} busy={busy} onLead={(name) => void lead(name)} />
      {problem === undefined ? null : <ProblemBar problem={problem} />}
    </>
  );
}
