import { Button, Link } from '@fluentui/react-components';

import { useConsole } from '#console/console-context.ts';
import { PropertySheet } from '#console/PropertySheet.tsx';
import type { SpaceObjectDetail } from '#shared/contract/space.ts';
import { useSession } from '#state/session-context.ts';
import { FactList } from '#ui/FactList.tsx';

import { outcomeWords } from '../changes/outcome.ts';
import { ReadTable } from '../lists/ReadTable.tsx';
import { linkWords, stateWords } from './space-words.ts';
import { useAttempt } from './use-attempt.ts';

export interface SpaceObjectSheetProps {
  readonly object: SpaceObjectDetail;
  onOpenPerson(id: number): Promise<void>;
  onClose(): void;
}

const time = (at: number): string => new Date(at).toLocaleString();

/** Connector Space Object Properties: what was imported, whose it is, and the passwords that passed here. */
export function SpaceObjectSheet({ object, onOpenPerson, onClose }: SpaceObjectSheetProps) {
  return (
    <PropertySheet
      title={`${object.dn} Properties`}
      help="connector-space"
      dirty={false}
      pages={[
        { id: 'general', title: 'General', invalid: false, content: <General object={object} /> },
        {
          id: 'attributes',
          title: 'Attributes',
          invalid: false,
          content: (
            <ReadTable
              caption="Imported attributes"
              headings={['Attribute', 'Value']}
              empty="Nothing was imported but the name"
              rows={Object.entries(object.attributes)
                .sort(([one], [other]) => one.localeCompare(other))
                .map(([name, values]) => [name, values.join('; ')])}
            />
          ),
        },
        {
          id: 'lineage',
          title: 'Lineage',
          invalid: false,
          content: <Lineage object={object} onOpenPerson={onOpenPerson} />,
        },
        { id: 'history', title: 'Password History', invalid: false, content: <History object={object} /> },
      ]}
      onClose={onClose}
    />
  );
}

function General({ object }: { readonly object: SpaceObjectDetail }) {
  const session = useSession();
  const { openDialog } = useConsole();
  const attempt = useAttempt();
  const preview = async (): Promise<void> => {
    const [{ PreviewDialog }, made] = await Promise.all([
      import('./PreviewDialog.tsx'),
      session.client.call('space.preview', { id: object.id }),
    ]);
    openDialog((close) => <PreviewDialog preview={made} onClose={close} />);
  };
  return (
    <>
      <FactList
        facts={[
          { term: 'Distinguished name:', value: object.dn },
          { term: 'Management agent:', value: object.agentName },
          { term: 'Partition:', value: object.partition },
          { term: 'Object type:', value: object.objectType },
          { term: 'Anchor:', value: object.anchor },
          { term: 'State:', value: stateWords[object.state] },
          { term: 'Pending import:', value: object.pending },
        ]}
      />
      <Button size="small" style={{ alignSelf: 'flex-start' }} onClick={() => attempt('Preview', preview)}>
        Preview
      </Button>
    </>
  );
}

function Lineage({ object, onOpenPerson }: Omit<SpaceObjectSheetProps, 'onClose'>) {
  const attempt = useAttempt();
  const { person } = object;
  if (person === undefined) return <span>The object belongs to no person.</span>;
  const title = 'Metaverse Object Properties';
  return (
    <>
      <FactList
        facts={[
          {
            term: 'Person:',
            value: (
              <Link as="button" onClick={() => attempt(title, () => onOpenPerson(person))}>
                {object.personName ?? `Person ${person}`}
              </Link>
            ),
          },
          { term: 'Joined by:', value: linkWords(object.link) },
        ]}
      />
      <ReadTable
        caption="Contributes to the person"
        headings={["Person's attribute", 'Value']}
        empty="No attribute of the person comes from here"
        rows={object.contributes.map((name) => [name, 'From this object'])}
      />
    </>
  );
}

function History({ object }: { readonly object: SpaceObjectDetail }) {
  return (
    <>
      <FactList
        facts={[
          {
            term: 'Newest change from here:',
            value: object.incoming === undefined ? 'None' : time(object.incoming.committedAt),
          },
          {
            term: 'Newest password set here:',
            value: object.outgoing === undefined ? 'None' : time(object.outgoing.committedAt),
          },
        ]}
      />
      <ReadTable
        caption="Password history"
        headings={['Time', 'Change of', 'Outcome', 'Event', 'Attempts', 'Reason']}
        empty="No password change has ended here"
        rows={object.history.map((row) => [
          time(row.settledAt),
          row.account,
          outcomeWords({ state: 'settled', outcome: row.outcome }),
          row.event,
          row.attempts,
          row.reason ?? row.verification ?? '',
        ])}
      />
    </>
  );
}
