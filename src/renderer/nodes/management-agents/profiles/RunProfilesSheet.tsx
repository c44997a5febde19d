import type { Agent } from '#shared/model/agent.ts';
import type { ConfigurationReading } from '#state/use-draft.ts';

import { ConfigurationSheet } from '../../configuration/ConfigurationSheet.tsx';
import { RunProfilesPage } from './RunProfilesPage.tsx';

export interface RunProfilesSheetProps {
  readonly id: Agent['id'];
  readonly name: string;
  readonly reading: ConfigurationReading;
  onClose(): void;
}

/** Configure Run Profiles of one management agent. */
export function RunProfilesSheet({ id, name, reading, onClose }: RunProfilesSheetProps) {
  return (
    <ConfigurationSheet<Agent>
      title={`Configure Run Profiles for ${name}`}
      help="run-profiles"
      reading={reading}
      find={({ agents }) => {
        const index = agents.findIndex((agent) => agent.id === id);
        return index === -1 ? undefined : ['agents', index];
      }}
      pages={(draft) => [
        {
          id: 'profiles',
          title: 'Run profiles',
          fields: ['runProfiles'],
          content: <RunProfilesPage draft={draft} />,
        },
      ]}
      onClose={onClose}
    />
  );
}
