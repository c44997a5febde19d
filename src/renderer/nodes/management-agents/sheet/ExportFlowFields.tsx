import { Button, makeStyles } from '@fluentui/react-components';

import type { Agent } from '#shared/model/agent.ts';
import type { ExportFlow } from '#shared/model/identity-rules.ts';
import type { Draft } from '#state/use-draft.ts';
import { CheckField } from '#ui/CheckField.tsx';

import { PairFields } from './PairFields.tsx';

const useStyles = makeStyles({ row: { display: 'flex', gap: '8px', flexWrap: 'wrap' } });

const newFlow = { connector: '', initialOnly: false, allowNull: false };

/** Export attribute flow: what of a person is written to the object, and when. */
export function ExportFlowFields({ draft }: { readonly draft: Draft<Agent> }) {
  const styles = useStyles();
  const { value, change, errors } = draft;
  const { exportFlow } = value;
  const setAll = (next: readonly ExportFlow[]): void => change({ ...value, exportFlow: [...next] });
  const setAt = (at: number, made: ExportFlow): void =>
    setAll(exportFlow.map((other, index) => (index === at ? made : other)));
  const errorAt = (index: number): string | undefined =>
    errors.get(`exportFlow.${index}`) ??
    errors.get(`exportFlow.${index}.person`) ??
    errors.get(`exportFlow.${index}.expression`);
  return (
    <>
      {exportFlow.length === 0 ? <span>No attribute is written to this agent's objects.</span> : null}
      {exportFlow.map((rule, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a flow has no name; its place is what it is
        <div key={index}>
          <PairFields
            left={{
              label: rule.expression === undefined ? "Person's attribute:" : 'Expression:',
              value: rule.expression ?? rule.person ?? '',
              error: errorAt(index),
            }}
            right={{
              label: "Object's attribute:",
              value: rule.connector,
              error: errors.get(`exportFlow.${index}.connector`),
            }}
            onChange={(left, connector) => {
              const { initialOnly, allowNull } = rule;
              const source = rule.expression === undefined ? { person: left } : { expression: left };
              setAt(index, { ...source, connector, initialOnly, allowNull });
            }}
            onRemove={() => setAll(exportFlow.filter((_, at) => at !== index))}
          />
          <div className={styles.row}>
            <CheckField
              label="Initial flow only"
              checked={rule.initialOnly}
              onChange={(initialOnly) => setAt(index, { ...rule, initialOnly })}
            />
            <CheckField
              label="Allow null"
              checked={rule.allowNull}
              onChange={(allowNull) => setAt(index, { ...rule, allowNull })}
            />
          </div>
        </div>
      ))}
      <div className={styles.row}>
        <Button size="small" onClick={() => setAll([...exportFlow, { ...newFlow, person: '' }])}>
          New export flow
        </Button>
        <Button size="small" onClick={() => setAll([...exportFlow, { ...newFlow, expression: '' }])}>
          New export flow by expression
        </Button>
      </div>
    </>
  );
}
