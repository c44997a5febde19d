import { Dialog, DialogSurface, makeStyles, mergeClasses } from '@fluentui/react-components';
import type { ReactNode } from 'react';

import { useConsole } from './console-context.ts';
import { useWindowStyles } from './use-window-styles.ts';
import { WindowFoot } from './WindowFoot.tsx';

const useStyles = makeStyles({
  small: { width: '440px' },
  content: {
    padding: '0 12px 12px',
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
    minHeight: 0,
    overflow: 'auto',
    '& > button': { flexShrink: 0 },
  },
});

export interface ConsoleDialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly buttons: ReactNode;
  onClose(): void;
  /** Enter in a text box. */
  onSubmit?(): void;
  /** CSS width, that of a small dialog where absent. */
  readonly width?: string | undefined;
  /** Page of the guide that F1 opens; without it that of the node. */
  readonly help?: string | undefined;
  /** The command line that does the same. */
  readonly command?: string | undefined;
}

/** A modal dialog of the console: title, content, buttons to the right, Esc closes. */
export function ConsoleDialog({
  title,
  children,
  buttons,
  onClose,
  onSubmit,
  help,
  width,
  command,
}: ConsoleDialogProps) {
  const frame = useWindowStyles();
  const styles = useStyles();
  const console = useConsole();
  return (
    <Dialog open modalType="modal">
      <DialogSurface
        className={mergeClasses(frame.surface, styles.small)}
        style={width === undefined ? undefined : { width }}
        aria-label={title}
        backdrop={{ style: { backgroundColor: 'transparent' } }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            onClose();
          } else if (event.key === 'F1') {
            event.preventDefault();
            event.stopPropagation();
            console.help(help ?? 'start');
          } else if (
            event.key === 'Enter' &&
            event.target instanceof HTMLInputElement &&
            onSubmit !== undefined
          ) {
            event.preventDefault();
            onSubmit();
          }
        }}
      >
        <h1 className={frame.title}>{title}</h1>
        <div className={styles.content}>{children}</div>
        <WindowFoot command={command}>{buttons}</WindowFoot>
      </DialogSurface>
    </Dialog>
  );
}
