import { Button } from '@fluentui/react-components';
import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { LoggedEvent } from '#shared/contract/events.ts';
import type { Reply } from '#shared/rpc/contract.ts';
import { FactList } from '#ui/FactList.tsx';

export interface EventDialogProps {
  readonly event: LoggedEvent;
  readonly meaning: Reply<CarillonContract, 'events.define'>;
  onClose(): void;
}

/** One event: what happened, what its number means, and what to do. */
export function EventDialog({ event, meaning, onClose }: EventDialogProps) {
  return (
    <ConsoleDialog
      title={`Event ${event.number} Properties`}
      onClose={onClose}
      buttons={
        <Button size="small" appearance="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <FactList
        facts={[
          { term: 'Event:', value: `${event.number}, ${meaning.title}` },
          { term: 'Source:', value: event.source },
          { term: 'Date and time:', value: new Date(event.at).toLocaleString() },
          { term: 'Account:', value: event.account },
          { term: 'Tracking ID:', value: event.trackingId },
          { term: 'Message:', value: event.message },
          { term: 'Meaning:', value: meaning.meaning },
          { term: 'Cause:', value: meaning.cause },
          { term: 'What to do:', value: meaning.fix },
          {
            term: 'Tried again:',
            value: meaning.retried === undefined ? undefined : meaning.retried ? 'Yes' : 'No',
          },
        ]}
      />
    </ConsoleDialog>
  );
}
