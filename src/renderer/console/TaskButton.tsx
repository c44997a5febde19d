import { makeStyles, tokens } from '@fluentui/react-components';
import { useStore } from 'zustand';

import type { TaskList } from './task-list.ts';

const useStyles = makeStyles({
  button: {
    border: 'none',
    background: 'none',
    padding: '0 4px',
    color: 'inherit',
    font: 'inherit',
    textDecorationLine: 'underline',
    ':hover': { color: tokens.colorBrandForeground1 },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
});

export interface TaskButtonProps {
  readonly tasks: TaskList;
  readonly shown: boolean;
  onToggle(): void;
}

/** How many background tasks run, in the status bar; shows their list. */
export function TaskButton({ tasks, shown, onToggle }: TaskButtonProps) {
  const styles = useStyles();
  const list = useStore(tasks.store, (state) => state.tasks);
  if (list.length === 0 && !shown) return null;
  const running = list.filter(({ state }) => state === 'running').length;
  const words = running === 0 ? 'Background tasks' : running === 1 ? '1 task runs' : `${running} tasks run`;
  return (
    <button type="button" className={styles.button} aria-expanded={shown} onClick={onToggle}>
      {words}
    </button>
  );
}
