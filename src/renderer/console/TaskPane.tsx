import { Button, makeStyles, ProgressBar, tokens } from '@fluentui/react-components';
import { useStore } from 'zustand';

import { Icon } from '#ui/Icon.tsx';
import type { IconName } from '#ui/icon-paths.ts';

import type { Task, TaskList } from './task-list.ts';

const useStyles = makeStyles({
  pane: {
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground2,
    maxHeight: '30vh',
    overflow: 'auto',
    flexShrink: 0,
  },
  head: { display: 'flex', alignItems: 'center', gap: '8px', padding: '2px 8px', minHeight: '28px' },
  heading: {
    margin: 0,
    marginRight: 'auto',
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
  },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  task: {
    display: 'grid',
    gridTemplateColumns: '16px minmax(120px, 1fr) 2fr 140px 72px',
    alignItems: 'center',
    gap: '8px',
    minHeight: '28px',
    padding: '0 8px',
  },
  text: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

const icons: Readonly<Record<Task['state'], { readonly name: IconName; readonly label: string }>> = {
  running: { name: 'working', label: 'Running' },
  done: { name: 'good', label: 'Done' },
  failed: { name: 'danger', label: 'Did not end well' },
  cancelled: { name: 'stopped', label: 'Cancelled' },
};

/** The background tasks, newest first: what they do now, how far they are, and how they ended. */
export function TaskPane({ tasks, onClose }: { readonly tasks: TaskList; onClose(): void }) {
  const styles = useStyles();
  const list = useStore(tasks.store, (state) => state.tasks);
  return (
    <section aria-label="Background tasks" className={styles.pane}>
      <div className={styles.head}>
        <h2 className={styles.heading}>Background tasks</h2>
        <Button
          size="small"
          appearance="subtle"
          disabled={list.every(({ state }) => state === 'running')}
          onClick={() => tasks.clear()}
        >
          Clear ended
        </Button>
        <Button size="small" appearance="subtle" onClick={onClose}>
          Close
        </Button>
      </div>
      {list.length === 0 ? <div className={styles.task}>No task has run</div> : null}
      <ul className={styles.list}>
        {list.map((task) => (
          <li key={task.id} className={styles.task}>
            <Icon {...icons[task.state]} />
            <span className={styles.text} title={task.title}>
              {task.title}
            </span>
            <span className={`${styles.text} ${styles.quiet}`} title={task.words}>
              {task.words}
            </span>
            {task.state === 'running' ? (
              <>
                <ProgressBar
                  aria-label={`Progress of ${task.title}`}
                  {...(task.share === undefined ? {} : { value: task.share })}
                />
                <Button size="small" onClick={() => tasks.cancel(task.id)}>
                  Cancel
                </Button>
              </>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
