import type { Agent } from '#shared/model/agent.ts';
import type { Draft } from '#state/use-draft.ts';
import { GroupBox } from '#ui/GroupBox.tsx';

import { ExportFlowFields } from './ExportFlowFields.tsx';
import { ImportFlowFields } from './ImportFlowFields.tsx';

/** Configure Attribute Flow: in from the directory, and out to it. */
export function AttributeFlowPage({ draft }: { readonly draft: Draft<Agent> }) {
  return (
    <>
      <GroupBox label="Import: from an object to its person">
        <ImportFlowFields draft={draft} />
      </GroupBox>
      <GroupBox label="Export: from a person to its object">
        <ExportFlowFields draft={draft} />
      </GroupBox>
    </>
  );
}
