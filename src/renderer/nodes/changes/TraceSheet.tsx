import { PropertySheet } from '#console/PropertySheet.tsx';
import type { ChangeTrace } from '#shared/contract/changes.ts';
import { useReading } from '#state/use-reading.ts';
import { FactList } from '#ui/FactList.tsx';

import { HopTrack } from './HopTrack.tsx';
import { TargetEndings } from './TargetEndings.tsx';

export interface TraceSheetProps {
  readonly trace: ChangeTrace;
  onClose(): void;
}

/** The whole life of one change, and it goes on while one looks: every hop with its time, every target's words. */
export function TraceSheet({ trace: opened, onClose }: TraceSheetProps) {
  const { trackingId } = opened;
  const { value } = useReading('changes.trace', { trackingId }, ['changes.changed']);
  const trace = value ?? opened;
  return (
    <PropertySheet
      title={`Trace of ${trace.account}`}
      help="trace"
      dirty={false}
      pages={[
        { id: 'hops', title: 'Hops', invalid: false, content: <Hops trace={trace} /> },
        { id: 'targets', title: 'Targets', invalid: false, content: <TargetEndings trace={trace} /> },
      ]}
      onClose={onClose}
    />
  );
}

function Hops({ trace }: { readonly trace: ChangeTrace }) {
  return (
    <>
      <FactList
        facts={[
          { term: 'Tracking ID:', value: trace.trackingId },
          { term: 'Captured on:', value: trace.sourceServer },
          { term: 'Changed:', value: new Date(trace.committedAt).toLocaleString() },
          {
            term: 'Decision:',
            value:
              trace.refusal === undefined
                ? `Sent to ${trace.deliveries.length} ${trace.deliveries.length === 1 ? 'target' : 'targets'}`
                : `${trace.refusal.reason} (event ${trace.refusal.event})`,
          },
        ]}
      />
      <HopTrack trace={trace} />
    </>
  );
}
