import { Button, makeStyles } from '@fluentui/react-components';

import { TextField } from '#ui/TextField.tsx';

const useStyles = makeStyles({
  pair: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr) 80px',
    gap: '8px',
    alignItems: 'start',
    '@media (max-width: 700px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  remove: { marginTop: '20px', '@media (max-width: 700px)': { marginTop: 0 } },
});

interface Side {
  readonly label: string;
  readonly value: string;
  readonly error: string | undefined;
}

export interface PairFieldsProps {
  readonly left: Side;
  readonly right: Side;
  onChange(left: string, right: string): void;
  /** Absent where the pair has to stay. */
  onRemove?(): void;
}

/** Two attributes that belong together, and a button that takes them away. */
export function PairFields({ left, right, onChange, onRemove }: PairFieldsProps) {
  const styles = useStyles();
  return (
    <div className={styles.pair}>
      <TextField
        label={left.label}
        value={left.value}
        error={left.error}
        onChange={(text) => onChange(text, right.value)}
      />
      <TextField
        label={right.label}
        value={right.value}
        error={right.error}
        onChange={(text) => onChange(left.value, text)}
      />
      {onRemove === undefined ? null : (
        <Button className={styles.remove} size="small" onClick={onRemove}>
          Remove
        </Button>
      )}
    </div>
  );
}
