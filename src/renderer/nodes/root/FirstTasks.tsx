import { Button, makeStyles, tokens } from '@fluentui/react-components';

import { useConsole } from '#console/console-context.ts';
import type { SystemStatus } from '#shared/contract/system.ts';
import { useSession } from '#state/session-context.ts';
import { useReading } from '#state/use-reading.ts';
import { Icon } from '#ui/Icon.tsx';

import { openCreateWizard } from '../management-agents/open-create-wizard.tsx';
import { openOptions } from '../tools/open-options.tsx';
import { openSetUpWizard } from './open-set-up-wizard.tsx';
import { openTryIt } from './open-try-it.tsx';

const useStyles = makeStyles({
  heading: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  task: {
    display: 'grid',
    gridTemplateColumns: '20px 1fr auto',
    alignItems: 'center',
    gap: '6px',
    padding: '4px 0',
    maxWidth: '640px',
  },
});

/** What is still to be done before the first password travels. Gone when all is done. */
export function FirstTasks({ status }: { readonly status: SystemStatus }) {
  const styles = useStyles();
  const session = useSession();
  const { openDialog, notify, startTask, perform } = useConsole();
  const services = { session, openDialog, notify, startTask };
  const act = (label: string, run: () => Promise<void>) => () =>
    perform({ id: 'first-task', label, slot: 'top', run });
  const tasks = [
    {
      done: status.agents >= 2,
      words: 'Connect Active Directory, and each directory that shall get its passwords',
      button: 'Create management agent...',
      run: act('Create management agent...', () => openCreateWizard(services)),
    },
    { done: status.people > 0, words: 'Run a full import of each management agent' },
    {
      done: status.channel.state === 'listening',
      words: 'Receive password changes, and install capture on every domain controller',
      button: 'Set up...',
      run: act('Set up...', () => openSetUpWizard(services)),
    },
    {
      done: status.passwordSync,
      words: 'Enable Password Synchronization',
      button: 'Options',
      run: act('Options', () => openOptions(services)),
    },
  ];
  const { value: sample } = useReading('sample.state', {}, ['configuration.changed']);
  const trying = sample?.state === 'ready';
  if (tasks.every(({ done }) => done) && !trying) return null;
  return (
    <section aria-label="Next steps">
      <h2 className={styles.heading}>Next steps</h2>
      {trying ? (
        <div className={styles.task}>
          <Icon name="key" />
          <span>The sample company is connected: set a password, and see it arrive</span>
          <Button size="small" onClick={act('Try it here', () => openTryIt(services))}>
            Try it here
          </Button>
        </div>
      ) : null}
      {tasks.map(({ done, words, button, run }) => (
        <div key={words} className={styles.task}>
          <Icon name={done ? 'good' : 'waiting'} label={done ? 'Done' : 'To do'} />
          <span>{words}</span>
          {button === undefined || done ? null : (
            <Button size="small" onClick={run}>
              {button}
            </Button>
          )}
        </div>
      ))}
    </section>
  );
}
