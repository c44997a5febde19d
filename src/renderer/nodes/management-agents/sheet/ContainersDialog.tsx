import { Button, Checkbox, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useEffect, useState } from 'react';

import { AcceptDialog } from '#console/AcceptDialog.tsx';
import type { Agent } from '#shared/model/agent.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';
import { useSession } from '#state/session-context.ts';

const useStyles = makeStyles({
  tree: {
    height: '280px',
    overflowY: 'auto',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    padding: '4px 0',
  },
  row: { display: 'flex', alignItems: 'center', minHeight: '24px' },
  opener: { minWidth: '20px', width: '20px', padding: 0 },
});
const indent = 18;

interface Found {
  readonly dn: string;
  readonly name: string;
}

export interface ContainersDialogProps {
  readonly agent: Agent;
  /** Distinguished name of the partition. */
  readonly partition: string;
  readonly included: readonly string[];
  onChoose(included: readonly string[]): void;
  onClose(): void;
}

/** Containers: which of a partition's containers are imported; the whole partition where none is chosen. */
export function ContainersDialog({ agent, partition, included, onChoose, onClose }: ContainersDialogProps) {
  const styles = useStyles();
  const session = useSession();
  const [chosen, choose] = useState(included);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set([partition]));
  const [known, setKnown] = useState<ReadonlyMap<string, readonly Found[]>>(new Map());
  const [problem, setProblem] = useState<string>();

  const missing = [...open].find((dn) => !known.has(dn));
  useEffect(() => {
    if (missing === undefined) return;
    const abort = new AbortController();
    session.client.call('agents.containers', { draft: agent, dn: missing }, { signal: abort.signal }).then(
      (found) => setKnown((before) => new Map(before).set(missing, found)),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setProblem(error instanceof Error ? error.message : 'The directory gave no answer');
        setKnown((before) => new Map(before).set(missing, []));
      },
    );
    return () => abort.abort();
  }, [missing, agent, session]);

  const accept = (): void => {
    onChoose(chosen);
    onClose();
  };
  const isSame = (one: string, other: string): boolean => foldDn(one) === foldDn(other);
  const rows: { readonly found: Found; readonly level: number }[] = [];
  const walk = (dn: string, level: number): void => {
    for (const found of known.get(dn) ?? []) {
      rows.push({ found, level });
      if (open.has(found.dn)) walk(found.dn, level + 1);
    }
  };
  walk(partition, 0);
  return (
    <AcceptDialog title="Containers" onClose={onClose} onAccept={accept}>
      <span>{`Select what is imported from ${partition}. Without a selection it is all of it.`}</span>
      <ul className={styles.tree} aria-label="Containers" style={{ margin: 0, listStyle: 'none' }}>
        {rows.map(({ found, level }) => {
          const isLeaf = known.get(found.dn)?.length === 0;
          return (
            <li key={found.dn} className={styles.row} style={{ paddingLeft: `${level * indent}px` }}>
              <Button
                appearance="transparent"
                size="small"
                className={styles.opener}
                disabled={isLeaf}
                aria-expanded={open.has(found.dn)}
                aria-label={`${open.has(found.dn) ? 'Collapse' : 'Expand'} ${found.name}`}
                onClick={() => {
                  const next = new Set(open);
                  if (!next.delete(found.dn)) next.add(found.dn);
                  setOpen(next);
                }}
              >
                {isLeaf ? '' : open.has(found.dn) ? '▾' : '▸'}
              </Button>
              <Checkbox
                label={found.name}
                checked={chosen.some((dn) => isSame(dn, found.dn))}
                onChange={(_, { checked }) =>
                  choose(
                    checked === true ? [...chosen, found.dn] : chosen.filter((dn) => !isSame(dn, found.dn)),
                  )
                }
              />
            </li>
          );
        })}
      </ul>
      <div aria-live="polite">
        {missing === undefined ? null : <Spinner size="tiny" label="Asking the directory..." />}
        {problem}
      </div>
    </AcceptDialog>
  );
}
