import { Button, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';

import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import { Icon } from '#ui/Icon.tsx';

import { type PickedFile, pickExports } from './pick-exports.ts';

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyle: 'none', display: 'flex', flexDirection: 'column', gap: '2px' },
  file: { display: 'flex', alignItems: 'center', gap: '6px', userSelect: 'text' },
  add: { alignSelf: 'flex-start', flexShrink: 0 },
});

export interface ExportsPageProps {
  /** Files that are kept already. */
  readonly files: readonly string[];
  onAdd(files: readonly PickedFile[]): Promise<void>;
}

/** Which files come along; each is read at once, and refused with its reason where it is none of them. */
export function ExportsPage({ files, onAdd }: ExportsPageProps) {
  const styles = useStyles();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const add = async (): Promise<void> => {
    setProblem(undefined);
    try {
      const picked = await pickExports();
      setBusy(true);
      if (picked.length > 0) await onAdd(picked);
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <span>
        The files of Export Server Configuration (MV.xml and MA-GUID.xml), ENTSSO.xml, files of ssomanage and
        ssops, and what "pcnscfg list" printed.
      </span>
      <Button size="small" className={styles.add} disabled={busy} onClick={() => void add()}>
        {busy ? 'Reading...' : 'Add Files...'}
      </Button>
      {problem === undefined ? null : <ProblemBar problem={problem} />}
      <ul className={styles.list} aria-label="Exports">
        {files.map((name) => (
          <li key={name} className={styles.file}>
            <Icon name="good" label="Read" />
            {name}
          </li>
        ))}
      </ul>
    </>
  );
}
