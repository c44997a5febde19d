import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { type ReactNode, useState } from 'react';

const useStyles = makeStyles({
  buttons: {
    display: 'flex',
    flexWrap: 'wrap',
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
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    fontSize: tokens.fontSizeBase200,
  },
});

export interface WindowFootProps {
  /** The command line that does the same as the window. */
  readonly command?: string | undefined;
  /** The buttons, in their order. */
  readonly children: ReactNode;
}

/** The bottom of a dialog, sheet or wizard: its buttons to the right, and the command line when it is asked for. */
export function WindowFoot({ command, children }: WindowFootProps) {
  const styles = useStyles();
  const [shown, show] = useState(false);
  return (
    <>
      {shown && command !== undefined ? <pre className={styles.code}>{command}</pre> : null}
      <div className={styles.buttons}>
        {command === undefined ? null : (
          <Button
            className={styles.command}
            size="small"
            appearance="subtle"
            aria-expanded={shown}
            onClick={() => show(!shown)}
          >
            Show command
          </Button>
        )}
        {children}
      </div>
    </>
  );
}
