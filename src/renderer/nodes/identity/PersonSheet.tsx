import { Link } from '@fluentui/react-components';

import { PropertySheet } from '#console/PropertySheet.tsx';
import type { PersonDetail } from '#shared/contract/people.ts';
import { FactList } from '#ui/FactList.tsx';

import { ReadTable } from '../lists/ReadTable.tsx';
import { useAttempt } from './use-attempt.ts';

export interface PersonSheetProps {
  readonly person: PersonDetail;
  onOpenConnector(id: number): Promise<void>;
  onClose(): void;
}

/** Metaverse Object Properties: each attribute with the agent that it comes from, and the connectors. */
export function PersonSheet({ person, onOpenConnector, onClose }: PersonSheetProps) {
  return (
    <PropertySheet
      title={`${person.displayName ?? `Person ${person.id}`} Properties`}
      help="metaverse-search"
      dirty={false}
      pages={[
        {
          id: 'attributes',
          title: 'Attributes',
          invalid: false,
          content: (
            <>
              <FactList
                facts={[
                  { term: 'Object type:', value: person.objectType },
                  { term: 'Identifier:', value: person.guid },
                ]}
              />
              <ReadTable
                caption="Attributes"
                headings={['Attribute', 'Value', 'Contributing agent']}
                empty="No attribute flows to this person"
                rows={person.lineage.map(({ attribute, values, agentName }) => [
                  attribute,
                  values.join('; '),
                  agentName,
                ])}
              />
            </>
          ),
        },
        {
          id: 'connectors',
          title: 'Connectors',
          invalid: false,
          content: <Connectors person={person} onOpen={onOpenConnector} />,
        },
      ]}
      onClose={onClose}
    />
  );
}

function Connectors({
  person,
  onOpen,
}: {
  readonly person: PersonDetail;
  onOpen(id: number): Promise<void>;
}) {
  const attempt = useAttempt();
  return (
    <ReadTable
      caption="Connectors"
      headings={['Management agent', 'Distinguished name', 'Object type']}
      empty="Nothing is joined to this person"
      rows={person.connectors.map(({ id, agentName, dn, objectType }) => [
        agentName,
        <Link
          key={id}
          as="button"
          onClick={() => attempt('Connector Space Object Properties', () => onOpen(id))}
        >
          {dn}
        </Link>,
        objectType,
      ])}
    />
  );
}
