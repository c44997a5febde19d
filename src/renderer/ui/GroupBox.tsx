import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  group: {
    margin: 0,
    // A frame is otherwise as wide as its longest word wants.
    minWidth: 0,
    padding: '8px 12px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
  },
  dense: { gap: 0, paddingTop: '4px', paddingBottom: '4px' },
});

export interface GroupBoxProps {
  /** No colon. */
  readonly label: string;
  /** For check boxes, which keep their own distance. */
  readonly dense?: boolean;
  readonly children: ReactNode;
}

/** Settings that belong together, in a frame with their name. */
export function GroupBox({ label, dense = false, children }: GroupBoxProps) {
  const styles = useStyles();
  return (
    <fieldset className={mergeClasses(styles.group, dense && styles.dense)}>
      <legend>{label}</legend>
      {children}
    </fieldset>
  );
}
