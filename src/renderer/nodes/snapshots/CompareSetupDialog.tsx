import { Button, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import type { Moment, SnapshotSource, ValueMapping } from '#shared/contract/snapshots.ts';
import { LinesField } from '#ui/LinesField.tsx';
import { SelectField } from '#ui/SelectField.tsx';

import { pickFile } from './pick-file.ts';

const useStyles = makeStyles({
  side: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    alignItems: 'end',
    gap: '2px 8px',
  },
  file: { gridColumn: '1 / -1', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
});

/** What is compared with what. */
export interface ComparedSources {
  readonly left: SnapshotSource;
  readonly right: SnapshotSource;
  readonly base?: SnapshotSource;
  readonly mapping?: ValueMapping;
}

export interface CompareSetupDialogProps {
  readonly moments: readonly Moment[];
  /** Rejects where it cannot be compared. */
  onCompared(request: ComparedSources): Promise<void>;
  onClose(): void;
}

type Side = 'left' | 'right' | 'base';

const sideWords: Readonly<Record<Side, string>> = {
  left: 'Left:',
  right: 'Right:',
  base: 'What both were once:',
};

/** Compare: two configurations or three, from the server, its history or files, with values that differ on purpose. */
export function CompareSetupDialog({ moments, onCompared, onClose }: CompareSetupDialogProps) {
  const styles = useStyles();
  const [chosen, setChosen] = useState<Readonly<Record<Side, string>>>({
    left: 'file',
    right: 'now',
    base: 'none',
  });
  const [files, setFiles] = useState<Readonly<Partial<Record<Side, { name: string; text: string }>>>>({});
  const [values, setValues] = useState<readonly string[]>([]);
  const [ignore, setIgnore] = useState<readonly string[]>([]);
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const mapping = readMapping(values, ignore);
  const choices = {
    now: 'This server, now',
    file: 'A file',
    ...Object.fromEntries(
      moments
        .slice(0, 50)
        .map(({ id, at, note }) => [
          String(id),
          `${new Date(at).toLocaleString()}${note === '' ? '' : `, ${note}`}`,
        ]),
    ),
  };
  const sourceOf = (side: Side): SnapshotSource | undefined => {
    if (chosen[side] === 'none') return undefined;
    if (chosen[side] === 'now') return { kind: 'running' };
    if (chosen[side] !== 'file') return { kind: 'moment', id: Number(chosen[side]) };
    const file = files[side];
    return file && { kind: 'text', ...file };
  };
  const lacks = (side: Side): boolean => chosen[side] === 'file' && files[side] === undefined;
  const compare = async (): Promise<void> => {
    setTried(true);
    const [left, right, base] = [sourceOf('left'), sourceOf('right'), sourceOf('base')];
    if (left === undefined || right === undefined || lacks('base') || mapping === undefined) return;
    try {
      await onCompared({ left, right, ...(base === undefined ? {} : { base }), mapping });
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const pick = async (side: Side): Promise<void> => {
    const file = await pickFile('.json,application/json');
    if (file !== undefined) setFiles({ ...files, [side]: file });
  };
  return (
    <ConsoleDialog
      title="Compare"
      help="snapshots"
      onClose={onClose}
      buttons={
        <>
          <Button size="small" appearance="primary" onClick={() => void compare()}>
            Compare
          </Button>
          <Button size="small" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      {problem === undefined ? null : <ProblemBar problem={problem} />}
      {(['left', 'right', 'base'] as const).map((side) => (
        <div key={side} className={styles.side}>
          <SelectField
            label={sideWords[side]}
            value={chosen[side]}
            choices={side === 'base' ? { none: 'Nothing: compare two', ...choices } : choices}
            onChange={(choice) => setChosen({ ...chosen, [side]: choice })}
          />
          {chosen[side] !== 'file' ? null : (
            <>
              <Button
                size="small"
                aria-label={`File... (${sideWords[side].slice(0, -1)})`}
                onClick={() => void pick(side)}
              >
                File...
              </Button>
              <span className={styles.file}>{files[side]?.name ?? (tried ? 'Choose a file' : '')}</span>
            </>
          )}
        </div>
      ))}
      <LinesField
        label="Values that differ on purpose, left = right:"
        lines={values}
        hint="pilot.lab = fabrikam.com"
        error={mapping === undefined ? 'Each line has the form left = right' : undefined}
        onChange={setValues}
      />
      <LinesField
        label="Settings that are not compared:"
        lines={ignore}
        hint="channel.host"
        onChange={setIgnore}
      />
    </ConsoleDialog>
  );
}

/** Undefined where a line is none. */
function readMapping(values: readonly string[], ignore: readonly string[]): ValueMapping | undefined {
  const pairs = values.flatMap((line) => {
    if (line.trim() === '') return [];
    const at = line.indexOf('=');
    return [{ left: line.slice(0, Math.max(0, at)).trim(), right: line.slice(at + 1).trim() }];
  });
  if (pairs.some(({ left }) => left === '')) return undefined;
  return { values: pairs, ignore: ignore.map((line) => line.trim()).filter((line) => line !== '') };
}
