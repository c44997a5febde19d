import { Button, makeStyles } from '@fluentui/react-components';

import type { Agent } from '#shared/model/agent.ts';
import type { AttributeFlow } from '#shared/model/identity-rules.ts';
import type { Draft } from '#state/use-draft.ts';

import { PairFields } from './PairFields.tsx';

const useStyles = makeStyles({ row: { display: 'flex', gap: '8px', flexWrap: 'wrap' } });

/** Import attribute flow: what of an object becomes an attribute of its person. */
export function ImportFlowFields({ draft }: { readonly draft: Draft<Agent> }) {
  const styles = useStyles();
  const { value, change, errors } = draft;
  const { flow } = value;
  const setFlow = (next: readonly AttributeFlow[]): void => change({ ...value, flow: [...next] });
  const setAt = (at: number, made: AttributeFlow): void =>
    setFlow(flow.map((other, index) => (index === at ? made : other)));
  const errorAt = (index: number): string | undefined =>
    errors.get(`flow.${index}`) ??
    errors.get(`flow.${index}.connector`) ??
    errors.get(`flow.${index}.expression`);
  return (
    <>
      {flow.length === 0 ? <span>No attribute flows from this agent to its persons.</span> : null}
      {flow.map((rule, index) => (
        <PairFields
          // biome-ignore lint/suspicious/noArrayIndexKey: a flow has no name; its place is what it is
          key={index}
          left={{
            label: rule.expression === undefined ? "Object's attribute:" : 'Expression:',
            value: rule.expression ?? rule.connector ?? '',
            error: errorAt(index),
          }}
          right={{
            label: "Person's attribute:",
            value: rule.person,
            error: errors.get(`flow.${index}.person`),
          }}
          onChange={(left, person) =>
            setAt(
              index,
              rule.expression === undefined ? { connector: left, person } : { expression: left, person },
            )
          }
          onRemove={() => setFlow(flow.filter((_, at) => at !== index))}
        />
      ))}
      <div className={styles.row}>
        <Button size="small" onClick={() => setFlow([...flow, { connector: '', person: '' }])}>
          New import flow
        </Button>
        <Button size="small" onClick={() => setFlow([...flow, { expression: '', person: '' }])}>
          New import flow by expression
        </Button>
      </div>
    </>
  );
}
