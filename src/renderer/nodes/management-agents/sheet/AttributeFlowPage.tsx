import { makeStyles, tokens } from '@fluentui/react-components';

import type { Agent } from '#shared/model/agent.ts';
import type { Draft } from '#state/use-draft.ts';

import { ExportFlowFields } from './ExportFlowFields.tsx';
import { ImportFlowFields } from './ImportFlowFields.tsx';

const useStyles = makeStyles({
  group: {
    margin: 0,
    padding: '8px 12px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
  },
});

/** Configure Attribute Flow: in from the directory, and out to it. */
export function AttributeFlowPage({ draft }: { readonly draft: Draft<Agent> }) {
  const styles = useStyles();
  return (
    <>
      <fieldset className={styles.group}>
        <legend>Import: from an object to its person</legend>
        <ImportFlowFields draft={draft} />
      </fieldset>
      <fieldset className={styles.group}>
        <legend>Export: from a person to its object</legend>
        <ExportFlowFields draft={draft} />
      </fieldset>
    </>
  );
}
