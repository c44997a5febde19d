import type { ConsoleServices } from '#console/console-context.ts';
import type { Session } from '#state/session.ts';

/** Opens the trace of one change. Throws `not_found` for an unknown tracking id. */
export async function openTrace(
  trackingId: string,
  session: Session,
  openDialog: ConsoleServices['openDialog'],
): Promise<void> {
  const [{ TraceSheet }, trace] = await Promise.all([
    import('./TraceSheet.tsx'),
    session.client.call('changes.trace', { trackingId }),
  ]);
  openDialog((close) => <TraceSheet trace={trace} onClose={close} />);
}
