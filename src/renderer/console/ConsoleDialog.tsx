import { Button, Dialog, DialogSurface, makeStyles, tokens } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';

import { useConsole } from './console-context.ts';

const useStyles = makeStyles({
  surface: {
    width: '440px',
    maxWidth: '96vw',
    maxHeight: '98vh',
    padding: 0,
    display: 'flex',
    flexDirection: 'column',
  },
  title: {
    margin: 0,
    padding: '10px 12px',
    fontSize: tokens.fontSizeBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  content: {
    padding: '0 12px 12px',
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
    minHeight: 0,
    overflow: 'auto',
  },
  buttons: {
    display: 'flex',
    justifyContent: 'flex-end',
    gap: '8px',
    padding: '10px 12px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  command: { marginRight: 'auto' },
  code: {
    userSelect: 'text',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    margin: 0,
    padding: '8px 12px',
    maxHeight: '30vh',
    flexShrink: 0,
    overflow: 'auto',
    fontSize: tokens.fontSizeBase200,
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
  const styles = useStyles();
  const [commandShown, showCommand] = useState(false);
  const console = useConsole();
  return (
    <Dialog open modalType="modal">
      <DialogSurface
        className={styles.surface}
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
        <h1 className={styles.title}>{title}</h1>
        <div className={styles.content}>{children}</div>
        {commandShown && command !== undefined ? <pre className={styles.code}>{command}</pre> : null}
        <div className={styles.buttons}>
          {command === undefined ? null : (
            <Button
              className={styles.command}
              size="small"
              appearance="subtle"
              aria-expanded={commandShown}
              onClick={() => showCommand(!commandShown)}
            >
              Show command
            </Button>
          )}
          {buttons}
        </div>
      </DialogSurface>
    </Dialog>
  );
}
