import { Button, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';

import type { Column } from '#console/column.ts';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import { writeMappingXml } from '#shared/text/write-mapping-xml.ts';
import { useSession } from '#state/session-context.ts';

import { PlainList } from '../../lists/PlainList.tsx';
import { saveFile } from '../../snapshots/save-file.ts';
import { goodMappings, type MappingAnswers, type PlannedMapping } from './mapping-answers.ts';
import { mappingCount } from './mapping-count.ts';

/** As many as one plan has. */
const mostMappings = 100_000;

const columns: readonly Column<PlannedMapping>[] = [
  { id: 'windows', title: 'Windows account', width: 150, value: (row) => row.windowsAccount },
  { id: 'external', title: 'External user', width: 110, value: (row) => row.externalUser },
  { id: 'problem', title: 'Problem', width: 190, value: (row) => row.problem },
];

const useStyles = makeStyles({
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '8px',
    alignItems: 'center',
    '& > button': { whiteSpace: 'nowrap', flexShrink: 0 },
  },
});

export interface PlanPageProps {
  readonly application: string;
  readonly answers: MappingAnswers;
  onPlan(plan: readonly PlannedMapping[]): void;
}

/** Generate: what the rules make of the users of the accounts; nothing is created yet. */
export function PlanPage({ application, answers, onPlan }: PlanPageProps) {
  const styles = useStyles();
  const session = useSession();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const { source, plan, accounts, rules } = answers;
  const good = goodMappings(answers);
  const start = async (): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      const input = { application, accounts: [...accounts], rules, limit: mostMappings };
      onPlan(await session.client.call('sso.planMappings', input));
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  const words = busy
    ? 'Asking the directory for the users...'
    : plan === undefined
      ? 'Start finds the users and makes a name for each.'
      : `${good.length} of ${mappingCount(plan.length)} can be created.`;
  return (
    <>
      <div className={styles.row}>
        {source === 'generate' ? (
          <Button size="small" disabledFocusable={busy} onClick={() => void start()}>
            Start
          </Button>
        ) : null}
        <Button
          size="small"
          disabled={good.length === 0}
          onClick={() =>
            saveFile(`${application}-mappings.xml`, writeMappingXml(application, good), 'application/xml')
          }
        >
          Save mappings file
        </Button>
        <span role="status">{words}</span>
      </div>
      <ProblemBar problem={problem} />
      {plan === undefined ? null : (
        <PlainList
          label="Mappings"
          columns={columns}
          rows={plan}
          empty="The accounts have no users"
          keyOf={keyOf}
          iconOf={iconOf}
        />
      )}
    </>
  );
}

const keyOf = ({ windowsAccount, externalUser }: PlannedMapping): string =>
  `${windowsAccount} ${externalUser}`;
const iconOf = ({ problem }: PlannedMapping) => (problem === undefined ? 'good' : 'warning');
