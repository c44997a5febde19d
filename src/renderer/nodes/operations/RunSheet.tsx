import { Link } from '@fluentui/react-components';

import { useConsole } from '#console/console-context.ts';
import { PropertySheet } from '#console/PropertySheet.tsx';
import type { Run } from '#shared/contract/agents.ts';
import { useSession } from '#state/session-context.ts';
import { FactList } from '#ui/FactList.tsx';

import { objectWindows } from '../identity/object-windows.tsx';
import { useAttempt } from '../identity/use-attempt.ts';
import { ReadTable } from '../lists/ReadTable.tsx';
import { stepWords } from '../management-agents/profiles/step-words.ts';
import { countGroups } from './count-groups.ts';

export interface RunSheetProps {
  readonly run: Run;
  onClose(): void;
}

const time = (at: number | undefined): string => (at === undefined ? '' : new Date(at).toLocaleString());
const labels: Readonly<Record<string, string>> = stepWords;

/** One run: its steps with their statistics, and the objects that it could not deal with. */
export function RunSheet({ run, onClose }: RunSheetProps) {
  return (
    <PropertySheet
      title={`${run.agentName}, ${run.profile} Properties`}
      help="operations"
      dirty={false}
      pages={[
        { id: 'statistics', title: 'Statistics', invalid: false, content: <Statistics run={run} /> },
        { id: 'errors', title: 'Errors', invalid: false, content: <Errors run={run} /> },
      ]}
      onClose={onClose}
    />
  );
}

function Statistics({ run }: { readonly run: Run }) {
  return (
    <>
      <FactList
        facts={[
          { term: 'Status:', value: run.result ?? 'in-progress' },
          { term: 'Start time:', value: time(run.startedAt) },
          { term: 'End time:', value: time(run.endedAt) },
        ]}
      />
      {run.steps.map((step) => (
        <section
          key={`${step.number}${step.partition ?? ''}`}
          aria-label={`Step ${step.number} of the run, ${step.partition ?? ''}`}
        >
          <FactList
            facts={[
              { term: `Step ${step.number}:`, value: labels[step.type] ?? step.type },
              { term: 'Partition:', value: step.partition },
              { term: 'Result:', value: step.result ?? 'in-progress' },
              { term: 'Reason:', value: step.detail },
              ...countGroups(step.counts),
            ]}
          />
        </section>
      ))}
    </>
  );
}

function Errors({ run }: { readonly run: Run }) {
  const session = useSession();
  const { openDialog } = useConsole();
  const attempt = useAttempt();
  return (
    <ReadTable
      caption="Errors"
      headings={['Error', 'Object', 'What happened']}
      empty="The run had no error on any object"
      rows={run.errors.map(({ error, dn, detail, connector }, index) => [
        error,
        connector === undefined ? (
          dn
        ) : (
          <Link
            // biome-ignore lint/suspicious/noArrayIndexKey: one object may fail twice in a run
            key={index}
            as="button"
            onClick={() =>
              attempt('Connector Space Object Properties', () =>
                objectWindows(session, openDialog).openSpaceObject(connector),
              )
            }
          >
            {dn}
          </Link>
        ),
        detail ?? '',
      ])}
    />
  );
}
