import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import { useConsole } from '#console/console-context.ts';
import { type Agent, isDirectoryAgent, type Partition } from '#shared/model/agent.ts';
import type { Draft } from '#state/use-draft.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { GroupBox } from '#ui/GroupBox.tsx';
import { LinesField } from '#ui/LinesField.tsx';
import { NumberField } from '#ui/NumberField.tsx';
import { SelectField } from '#ui/SelectField.tsx';
import { TextField } from '#ui/TextField.tsx';

import { AddPartitionDialog } from './AddPartitionDialog.tsx';
import { ContainersDialog } from './ContainersDialog.tsx';
import { TargetsDialog } from './TargetsDialog.tsx';

const useStyles = makeStyles({
  row: { display: 'flex', alignItems: 'center', gap: '8px', '& > button': { flexShrink: 0 } },
  choice: { display: 'flex', alignItems: 'flex-end', gap: '8px' },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Configure Directory Partitions: containers of each naming context, and whether passwords start there. */
export function PartitionsPage({ draft }: { readonly draft: Draft<Agent> }) {
  const styles = useStyles();
  const { openDialog } = useConsole();
  const { value, change, errors } = draft;
  const [selected, select] = useState(0);
  // Somebody else may have removed the one that was selected.
  const at = Math.min(selected, value.partitions.length - 1);
  const partition = value.partitions[at];
  if (partition === undefined) return null;
  const choices = Object.fromEntries(value.partitions.map(({ dn }, index) => [String(index), dn]));
  const set = (part: Partial<Partition>): void =>
    change({
      ...value,
      partitions: value.partitions.map((other, index) => (index === at ? { ...other, ...part } : other)),
    });
  const errorBelow = (name: string): string | undefined =>
    [...errors].find(([path]) => path.startsWith(`partitions.${at}.${name}`))?.[1];
  return (
    <>
      <div className={styles.choice}>
        <SelectField
          label="Directory partition:"
          value={String(at)}
          choices={choices}
          onChange={(index) => select(Number(index))}
        />
        <Button
          size="small"
          onClick={() =>
            openDialog((close) => (
              <AddPartitionDialog
                agent={value}
                taken={value.partitions.map(({ dn }) => dn)}
                onAdd={(dn) => {
                  change({ ...value, partitions: [...value.partitions, { dn, include: [], exclude: [] }] });
                  select(value.partitions.length);
                }}
                onClose={close}
              />
            ))
          }
        >
          Add
        </Button>
        <Button
          size="small"
          disabled={value.partitions.length === 1}
          title={value.partitions.length === 1 ? 'A management agent has one partition at least' : undefined}
          onClick={() => {
            change({ ...value, partitions: value.partitions.filter((_, index) => index !== at) });
            select(0);
          }}
        >
          Remove
        </Button>
      </div>
      {value.kind === 'active-directory' ? (
        <SourceGroup
          partition={partition}
          draft={draft}
          error={errorBelow('passwordSource')}
          onSource={(passwordSource) => set({ passwordSource })}
        />
      ) : null}
      {isDirectoryAgent(value) ? (
        <div className={styles.row}>
          <Button
            size="small"
            onClick={() =>
              openDialog((close) => (
                <ContainersDialog
                  agent={value}
                  partition={partition.dn}
                  included={partition.include}
                  onChoose={(include) => set({ include: [...include] })}
                  onClose={close}
                />
              ))
            }
          >
            Containers
          </Button>
          <span className={styles.quiet}>{containersIn(partition)}</span>
        </div>
      ) : null}
      <LinesField
        label="Containers to include:"
        hint="One distinguished name a line; the whole partition where empty"
        lines={partition.include}
        error={errorBelow('include')}
        onChange={(include) => set({ include: [...include] })}
      />
      <LinesField
        label="Containers to exclude:"
        lines={partition.exclude}
        error={errorBelow('exclude')}
        onChange={(exclude) => set({ exclude: [...exclude] })}
      />
    </>
  );
}

function containersIn({ include, exclude }: Partition): string {
  const taken =
    include.length === 0
      ? 'The whole partition is imported'
      : include.length === 1
        ? '1 container is imported'
        : `${include.length} containers are imported`;
  return exclude.length === 0 ? taken : `${taken}, without ${exclude.length} of its own`;
}

type Source = NonNullable<Partition['passwordSource']>;

interface SourceGroupProps {
  readonly partition: Partition;
  readonly draft: Draft<Agent>;
  readonly error: string | undefined;
  onSource(source: Source): void;
}

function SourceGroup({ partition, draft, error, onSource }: SourceGroupProps) {
  const styles = useStyles();
  const { openDialog } = useConsole();
  const source: Source = partition.passwordSource ?? {
    enabled: false,
    domain: domainOf(partition.dn),
    targets: [],
  };
  const set = (part: Partial<Source>): void => onSource({ ...source, ...part });
  const candidates = draft.configuration.agents.filter(({ id }) => id !== draft.value.id);
  const names = candidates.filter(({ id }) => source.targets.includes(id)).map(({ name }) => name);
  return (
    <GroupBox label="Password Synchronization">
      <CheckField
        label="Enable this partition as a password synchronization source"
        checked={source.enabled}
        onChange={(enabled) => set({ enabled })}
      />
      <div className={styles.row}>
        <Button
          size="small"
          onClick={() =>
            openDialog((close) => (
              <TargetsDialog
                candidates={candidates}
                chosen={source.targets}
                onChoose={(targets) => set({ targets: [...targets] })}
                onClose={close}
              />
            ))
          }
        >
          Targets
        </Button>
        <span className={styles.quiet}>
          {names.length === 0 ? 'No target is selected' : names.join(', ')}
        </span>
      </div>
      <TextField
        label="Domain (NetBIOS name):"
        value={source.domain}
        error={error && (/domain/i.test(error) ? error : 'Enter 1 to 15 characters')}
        onChange={(domain) => set({ domain })}
      />
      <NumberField
        label="Most changes in 24 hours (no limit where empty):"
        value={source.maxChangesPerDay}
        min={1}
        max={9999}
        optional
        onChange={(maxChangesPerDay) => set({ maxChangesPerDay })}
      />
    </GroupBox>
  );
}

/** The usual NetBIOS name of a domain: its first label. */
function domainOf(dn: string): string {
  return (/^DC=([^,]{1,15})/i.exec(dn)?.[1] ?? 'DOMAIN').toUpperCase();
}
