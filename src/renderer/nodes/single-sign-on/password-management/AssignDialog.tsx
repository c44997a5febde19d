import { Button } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import { CheckField } from '#ui/CheckField.tsx';

export interface Assignable {
  readonly name: string;
  readonly assigned: boolean;
  /** Why it cannot be chosen, or what choosing it takes away. */
  readonly note?: string | undefined;
  readonly disabled?: boolean | undefined;
}

export interface AssignDialogProps {
  readonly title: string;
  readonly instruction: string;
  readonly empty: string;
  readonly rows: readonly Assignable[];
  /** The command line of one step. */
  commandOf(name: string, assign: boolean): string;
  /** One step; the first that is refused ends it, and what was done stays. */
  assign(name: string, assign: boolean): Promise<void>;
  onClose(): void;
}

/** Assigns one kind of thing to another by ticking its names. */
export function AssignDialog(props: AssignDialogProps) {
  const { title, instruction, empty, rows, commandOf, assign, onClose } = props;
  const [done, setDone] = useState<ReadonlySet<string>>(
    () => new Set(rows.filter(({ assigned }) => assigned).map(({ name }) => name)),
  );
  const [wanted, setWanted] = useState<ReadonlySet<string>>(done);
  const [problem, setProblem] = useState<Problem>();
  // What is taken away goes first: it may be what a later step needs.
  const steps = [
    ...rows.filter(({ name }) => done.has(name) && !wanted.has(name)),
    ...rows.filter(({ name }) => !done.has(name) && wanted.has(name)),
  ];
  const accept = async (): Promise<void> => {
    const now = new Set(done);
    try {
      for (const { name } of steps) {
        const on = wanted.has(name);
        await assign(name, on);
        if (on) now.add(name);
        else now.delete(name);
      }
      onClose();
    } catch (error) {
      setDone(now);
      setProblem(problemOf(error));
    }
  };
  return (
    <ConsoleDialog
      title={title}
      help="password-management"
      command={
        steps.map(({ name }) => commandOf(name, wanted.has(name))).join('\n') || 'Nothing is changed yet'
      }
      onClose={onClose}
      buttons={
        <>
          <Button size="small" appearance="primary" onClick={() => void accept()}>
            OK
          </Button>
          <Button size="small" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <span>{rows.length === 0 ? empty : instruction}</span>
      <div>
        {rows.map(({ name, note, disabled }) => (
          <div key={name}>
            <CheckField
              label={note === undefined ? name : `${name} (${note})`}
              checked={wanted.has(name)}
              disabled={disabled === true}
              onChange={(checked) =>
                setWanted(
                  checked ? new Set([...wanted, name]) : new Set([...wanted].filter((one) => one !== name)),
                )
              }
            />
          </div>
        ))}
      </div>
      <ProblemBar problem={problem} />
    </ConsoleDialog>
  );
}
