import { Button, makeStyles, Spinner, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import type { AgentRow } from '#shared/contract/agents.ts';
import { useReading } from '#state/use-reading.ts';
import { SelectField } from '#ui/SelectField.tsx';

import { ReadTable } from '../lists/ReadTable.tsx';

const useStyles = makeStyles({
  list: { maxHeight: '320px', overflowY: 'auto', border: `1px solid ${tokens.colorNeutralStroke2}` },
  quiet: { color: tokens.colorNeutralForeground2 },
});
/** What the agent imports unless another type is chosen. */
const usual = '';

export interface SchemaDialogProps {
  readonly agent: AgentRow;
  onClose(): void;
}

/** Refresh Schema: what the connected system can hold, asked of it now. */
export function SchemaDialog({ agent, onClose }: SchemaDialogProps) {
  const styles = useStyles();
  const [type, setType] = useState(usual);
  const objectTypes = type === usual ? [] : [type];
  const { value, loading, problem } = useReading('agents.schema', { agent: agent.id, objectTypes }, []);
  const choices = Object.fromEntries([
    [usual, 'What is usually imported'],
    ...(value?.objectTypes ?? []).map((name) => [name, name] as const),
  ]);
  return (
    <ConsoleDialog
      title={`Refresh Schema of ${agent.name}`}
      onClose={onClose}
      buttons={
        <Button size="small" appearance="primary" onClick={onClose}>
          {loading && value === undefined ? 'Cancel' : 'Close'}
        </Button>
      }
    >
      <div aria-live="polite">
        {loading && value === undefined ? (
          <Spinner size="tiny" label="Asking the connected system..." />
        ) : null}
        {problem === undefined ? null : (
          <span>{[problem.message, problem.fix].filter(Boolean).join('. ')}</span>
        )}
      </div>
      {value === undefined ? null : (
        <>
          <SelectField label="Object type:" value={type} choices={choices} onChange={setType} />
          <div className={styles.list}>
            <ReadTable
              caption="Attributes"
              headings={['Attribute', 'Values', 'Form', 'Note']}
              rows={value.attributes.map(({ name, multivalued, binary, anchor, required }) => [
                name,
                multivalued ? 'many' : 'one',
                binary ? 'binary' : 'text',
                anchor ? 'anchor' : required ? 'required' : '',
              ])}
              empty="There is no attribute to show."
            />
          </div>
          {value.tables.length === 0 ? null : <span>{`Tables and views: ${value.tables.join(', ')}`}</span>}
          {value.note === undefined ? null : <span className={styles.quiet}>{value.note}</span>}
        </>
      )}
    </ConsoleDialog>
  );
}
