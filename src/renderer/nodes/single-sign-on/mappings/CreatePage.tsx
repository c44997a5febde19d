import { Button, makeStyles, ProgressBar } from '@fluentui/react-components';
import { useEffect, useRef, useState } from 'react';

import type { Column } from '#console/column.ts';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import type { MadeMapping } from '#shared/contract/sso-bulk.ts';
import { formatMappingLog, summarizeMappings } from '#shared/text/mapping-log.ts';
import { useSession } from '#state/session-context.ts';

import { PlainList } from '../../lists/PlainList.tsx';
import { saveFile } from '../../snapshots/save-file.ts';
import { goodMappings, type MappingAnswers, passwordOf } from './mapping-answers.ts';
import { mappingCount } from './mapping-count.ts';

/** Mappings of one call: short enough that Stop takes effect soon. */
const atOnce = 50;

const outcomes: Readonly<Record<MadeMapping['outcome'], string>> = {
  created: 'Created',
  there: 'Was there',
  refused: 'Refused',
};

const columns: readonly Column<MadeMapping>[] = [
  { id: 'windows', title: 'Windows account', width: 140, value: (row) => row.windowsAccount },
  { id: 'external', title: 'External user', width: 90, value: (row) => row.externalUser },
  { id: 'outcome', title: 'Outcome', width: 75, value: (row) => outcomes[row.outcome] },
  { id: 'problem', title: 'Problem', width: 150, value: (row) => row.problem },
];

const useStyles = makeStyles({ row: { display: 'flex', gap: '8px', alignItems: 'center' } });

export interface CreatePageProps {
  readonly application: string;
  readonly answers: MappingAnswers;
  readonly made: readonly MadeMapping[];
  onMade(made: readonly MadeMapping[]): void;
}

/** Create: makes the mappings, stops on request, and keeps the log. */
export function CreatePage({ application, answers, made, onMade }: CreatePageProps) {
  const styles = useStyles();
  const session = useSession();
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [startedAt, setStartedAt] = useState(0);
  const stopped = useRef(false);
  const wanted = goodMappings(answers);
  // Nobody sees a page that has gone: it creates nothing more.
  useEffect(
    () => () => {
      stopped.current = true;
    },
    [],
  );
  const start = async (): Promise<void> => {
    setRunning(true);
    setProblem(undefined);
    stopped.current = false;
    if (made.length === 0) setStartedAt(Date.now());
    const all = [...made];
    try {
      while (all.length < wanted.length && !stopped.current) {
        const mappings = wanted
          .slice(all.length, all.length + atOnce)
          .map(({ windowsAccount, externalUser }) => ({ windowsAccount, externalUser }));
        const input = { application, mappings, enable: answers.enable, ...passwordOf(answers) };
        all.push(...(await session.client.call('sso.makeMappings', input)));
        onMade(all.slice());
      }
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setRunning(false);
    }
  };
  const left = wanted.length - made.length;
  return (
    <>
      <div className={styles.row}>
        <Button size="small" disabledFocusable={running || left === 0} onClick={() => void start()}>
          Start
        </Button>
        <Button
          size="small"
          disabledFocusable={!running}
          onClick={() => {
            stopped.current = true;
          }}
        >
          Stop
        </Button>
        <Button
          size="small"
          disabled={made.length === 0}
          onClick={() =>
            saveFile(
              `${application}-mappings.log`,
              formatMappingLog(application, startedAt, made),
              'text/plain',
            )
          }
        >
          Save log file
        </Button>
      </div>
      <span role="status">
        {made.length === 0
          ? `${mappingCount(wanted.length)} to be created${answers.enable ? ' and enabled' : ''}.`
          : `${summarizeMappings(made)}${left === 0 ? '.' : `, ${left} left.`}`}
      </span>
      <ProgressBar
        aria-label="Creating mappings"
        value={wanted.length === 0 ? 0 : made.length / wanted.length}
      />
      <ProblemBar problem={problem} />
      {made.length === 0 ? null : (
        <PlainList
          label="Log"
          columns={columns}
          rows={made}
          empty="Nothing was created"
          keyOf={keyOf}
          iconOf={iconOf}
        />
      )}
    </>
  );
}

const keyOf = ({ windowsAccount, externalUser }: MadeMapping): string => `${windowsAccount} ${externalUser}`;
const iconOf = ({ problem }: MadeMapping) => (problem === undefined ? 'good' : 'warning');
