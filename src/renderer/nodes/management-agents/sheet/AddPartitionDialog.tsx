import { Button } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { foldDn } from '#shared/text/distinguished-name.ts';
import { TextField } from '#ui/TextField.tsx';

export interface AddPartitionDialogProps {
  readonly taken: readonly string[];
  onAdd(dn: string): void;
  onClose(): void;
}

/** Adds a naming context to a management agent. */
export function AddPartitionDialog({ taken, onAdd, onClose }: AddPartitionDialogProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const add = (): void => {
    const dn = text.trim();
    const folded = foldDn(dn);
    const wrong =
      folded === undefined || folded === ''
        ? 'Enter a distinguished name, such as DC=fabrikam,DC=com'
        : taken.some((other) => foldDn(other) === folded)
          ? 'This partition is there already'
          : undefined;
    setProblem(wrong);
    if (wrong !== undefined) return;
    onAdd(dn);
    onClose();
  };
  return (
    <ConsoleDialog
      title="Add Directory Partition"
      onClose={onClose}
      onSubmit={add}
      buttons={
        <>
          <Button size="small" appearance="primary" onClick={add}>
            Add
          </Button>
          <Button size="small" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <TextField
        label="Distinguished name:"
        autoFocus
        value={text}
        error={problem}
        onChange={(next) => {
          setText(next);
          setProblem(undefined);
        }}
      />
    </ConsoleDialog>
  );
}
