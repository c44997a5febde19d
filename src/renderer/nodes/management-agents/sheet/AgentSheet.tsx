import { type ReactNode, useState } from 'react';

import { type Agent, isDirectoryAgent } from '#shared/model/agent.ts';
import { encodeSecret } from '#state/encode-secret.ts';
import { useSession } from '#state/session-context.ts';
import type { ConfigurationReading, Draft } from '#state/use-draft.ts';

import { ConfigurationSheet, type DraftPage } from '../../configuration/ConfigurationSheet.tsx';
import { AttributeFlowPage } from './AttributeFlowPage.tsx';
import { ConnectionPage } from './ConnectionPage.tsx';
import { ConnectorFilterPage } from './ConnectorFilterPage.tsx';
import { DeprovisioningPage } from './DeprovisioningPage.tsx';
import { ExtensionsPage } from './ExtensionsPage.tsx';
import { GeneralPage } from './GeneralPage.tsx';
import { JoinRulesPage } from './JoinRulesPage.tsx';
import { PartitionsPage } from './PartitionsPage.tsx';
import { PreviewButton } from './PreviewButton.tsx';
import { ProvisioningPage } from './ProvisioningPage.tsx';
import { SystemPage } from './SystemPage.tsx';
import type { TypedSecret } from './typed-secret.ts';

/** What a file, a database or an extension has instead of a directory's connection. */
const systemFields = [
  'connection',
  'layout',
  'anchor',
  'anchorAttribute',
  'objectTypeColumn',
  'table',
  'passwordMethod',
  'passwordExtension',
];

export interface AgentSheetProps {
  readonly id: Agent['id'];
  readonly name: string;
  readonly reading: ConfigurationReading;
  /** Id of the page that is shown first. */
  readonly startPage?: string | undefined;
  onClose(): void;
}

/** Management Agent Properties. */
export function AgentSheet({ id, name, reading, startPage, onClose }: AgentSheetProps) {
  const session = useSession();
  const [text, type] = useState('');
  const secret: TypedSecret = { text, type };
  const pages = (draft: Draft<Agent>): readonly DraftPage[] => {
    const connect =
      draft.value.kind === 'active-directory' ? 'Connect to Active Directory Forest' : 'Connect to Server';
    const withPreview = (page: ReactNode): ReactNode => (
      <>
        {page}
        <PreviewButton draft={draft} />
      </>
    );
    return [
      {
        id: 'properties',
        title: 'Properties',
        fields: ['name', 'description', 'profile'],
        content: <GeneralPage draft={draft} />,
      },
      {
        id: 'connection',
        title: connect,
        fields: isDirectoryAgent(draft.value) ? ['connection'] : systemFields,
        content: isDirectoryAgent(draft.value) ? (
          <ConnectionPage draft={{ ...draft, value: draft.value }} secret={secret} />
        ) : (
          <SystemPage draft={draft} secret={secret} />
        ),
      },
      {
        id: 'partitions',
        title: 'Configure Directory Partitions',
        help: 'partitions',
        fields: ['partitions'],
        content: <PartitionsPage draft={draft} />,
      },
      {
        id: 'filter',
        title: 'Configure Connector Filter',
        fields: ['filter'],
        content: withPreview(<ConnectorFilterPage draft={draft} />),
      },
      {
        id: 'join',
        title: 'Configure Join and Projection Rules',
        fields: ['join', 'project'],
        content: withPreview(<JoinRulesPage draft={draft} />),
      },
      {
        id: 'flow',
        title: 'Configure Attribute Flow',
        fields: ['flow', 'exportFlow'],
        content: withPreview(<AttributeFlowPage draft={draft} />),
      },
      {
        id: 'provisioning',
        title: 'Configure Provisioning',
        fields: ['provision'],
        content: withPreview(<ProvisioningPage draft={draft} />),
      },
      {
        id: 'deprovisioning',
        title: 'Configure Deprovisioning',
        fields: ['deprovision'],
        content: withPreview(<DeprovisioningPage draft={draft} />),
      },
      {
        id: 'extensions',
        title: 'Configure Extensions',
        fields: ['password'],
        content: <ExtensionsPage draft={draft} secret={secret} />,
      },
    ];
  };
  return (
    <ConfigurationSheet<Agent>
      title={`${name} Properties`}
      help="management-agent-properties"
      listed
      startPage={startPage}
      reading={reading}
      find={({ agents }) => {
        const index = agents.findIndex((agent) => agent.id === id);
        return index === -1 ? undefined : ['agents', index];
      }}
      pages={pages}
      beside={{
        dirty: text !== '',
        save: async () => {
          if (text === '') return;
          await session.client.call('credentials.set', { agent: id, secret: encodeSecret(text) });
          type('');
        },
      }}
      onClose={onClose}
    />
  );
}
