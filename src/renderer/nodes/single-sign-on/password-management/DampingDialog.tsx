import { Button } from '@fluentui/react-components';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { inOneLine } from '#console/problem-of.ts';
import { useReading } from '#state/use-reading.ts';

import { ReadTable } from '../../lists/ReadTable.tsx';

/** Damping Table: the changes of the last ten minutes that are known again when they come back. */
export function DampingDialog({ onClose }: { onClose(): void }) {
  const { value, problem } = useReading('adapters.damping', {}, ['sso.changed']);
  return (
    <ConsoleDialog
      title="Damping Table"
      width="560px"
      help="password-management"
      onClose={onClose}
      buttons={
        <Button size="small" autoFocus onClick={onClose}>
          Close
        </Button>
      }
    >
      <span role="status">
        {problem === undefined
          ? 'One of these changes that comes a second time is dropped.'
          : inOneLine(problem)}
      </span>
      <ReadTable
        caption="Damping table"
        headings={['Time', 'Account', 'Adapter', 'Change']}
        rows={(value ?? []).map(({ at, account, adapter, origin }) => [
          new Date(at).toLocaleString(),
          account,
          adapter ?? 'Windows',
          origin === 'performed' ? 'Carried out there' : 'Came from there',
        ])}
        empty={value === undefined ? '' : 'No password change of the last 10 minutes is remembered.'}
      />
    </ConsoleDialog>
  );
}
