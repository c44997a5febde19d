import { makeStyles, tokens } from '@fluentui/react-components';

import { useReading } from '#state/use-reading.ts';
import { Icon } from '#ui/Icon.tsx';

const useStyles = makeStyles({
  band: {
    display: 'flex',
    gap: '20px',
    alignItems: 'center',
    padding: '6px 8px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  type: { display: 'inline-flex', gap: '6px', alignItems: 'center' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** The object types of the metaverse, and how many objects each has. */
export function ObjectTypes() {
  const styles = useStyles();
  const { value } = useReading('people.schema', {}, ['people.changed']);
  return (
    <section aria-label="Object types" className={styles.band}>
      <span className={styles.quiet}>Object types:</span>
      {value?.objectTypes.map(({ name, count }) => (
        <span key={name} className={styles.type}>
          <Icon name="person" />
          {`${name} (${count})`}
        </span>
      ))}
    </section>
  );
}
