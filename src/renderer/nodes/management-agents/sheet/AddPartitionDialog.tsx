import { useEffect, useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import { type Agent, isDirectoryAgent } from '#shared/model/agent.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';
import { useSession } from '#state/session-context.ts';
import { SelectField } from '#ui/SelectField.tsx';
import { TextField } from '#ui/TextField.tsx';

export interface AddPartitionDialogProps {
  /** The agent as it is drafted: its directory is asked for its partitions. */
  readonly agent: Agent;
  readonly taken: readonly string[];
  onAdd(dn: string): void;
  onClose(): void;
}

/** Adds a naming context to a management agent. */
export function AddPartitionDialog({ agent, taken, onAdd, onClose }: AddPartitionDialogProps) {
  const session = useSession();
  const [offered, setOffered] = useState<readonly string[]>([]);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    if (!isDirectoryAgent(agent)) return;
    const abort = new AbortController();
    session.client.call('agents.partitions', { draft: agent }, { signal: abort.signal }).then(
      (found) => setOffered(found.map(({ dn }) => dn)),
      // A directory that does not answer still lets one type the name.
      () => undefined,
    );
    return () => abort.abort();
  }, [agent, session]);
  const free = offered.filter((dn) => !taken.some((other) => foldDn(other) === foldDn(dn)));
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
    <AcceptDialog title="Add Directory Partition" onClose={onClose} verb="Add" onAccept={add}>
      {free.length === 0 ? null : (
        <SelectField
          label="Partitions of the directory:"
          value={free.includes(text) ? text : ''}
          choices={{ '': 'Select a partition', ...Object.fromEntries(free.map((dn) => [dn, dn])) }}
          onChange={(dn) => {
            setText(dn);
            setProblem(undefined);
          }}
        />
      )}
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
    </AcceptDialog>
  );
}
