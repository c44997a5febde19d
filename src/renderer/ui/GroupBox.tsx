import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  group: {
    margin: 0,
    padding: '8px 12px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
  },
});

export interface GroupBoxProps {
  /** No colon. */
  readonly label: string;
  readonly children: ReactNode;
}

/** Settings that belong together, in a frame with their name. */
export function GroupBox({ label, children }: GroupBoxProps) {
  const styles = useStyles();
  return (
    <fieldset className={styles.group}>
      <legend>{label}</legend>
      {children}
    </fieldset>
  );
}
