import { Button, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { useConsole } from '#console/console-context.ts';
import type { AgentRow } from '#shared/contract/agents.ts';
import type { SpaceRow } from '#shared/contract/space.ts';
import { useSession } from '#state/session-context.ts';

import { objectWindows } from '../identity/object-windows.tsx';
import { SpaceFinder } from '../identity/SpaceFinder.tsx';
import { useAttempt } from '../identity/use-attempt.ts';

const useStyles = makeStyles({
  finder: { display: 'flex', height: '440px', minHeight: '160px', flexShrink: 1 },
});

export interface SearchSpaceDialogProps {
  readonly agent: AgentRow;
  onClose(): void;
}

/** Search Connector Space of one management agent. */
export function SearchSpaceDialog({ agent, onClose }: SearchSpaceDialogProps) {
  const styles = useStyles();
  const session = useSession();
  const { openDialog } = useConsole();
  const attempt = useAttempt();
  const [[row], choose] = useState<readonly SpaceRow[]>([]);
  const open = ({ id }: SpaceRow): void =>
    attempt('Connector Space Object Properties', () =>
      objectWindows(session, openDialog).openSpaceObject(id),
    );
  return (
    <ConsoleDialog
      title={`Search Connector Space of ${agent.name}`}
      width="860px"
      help="connector-space"
      onClose={onClose}
      buttons={
        <>
          <Button size="small" disabled={row === undefined} onClick={() => row && open(row)}>
            Properties
          </Button>
          <Button size="small" appearance="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className={styles.finder}>
        <SpaceFinder agent={agent.id} initialScope="all" onSelect={choose} onOpen={open} />
      </div>
    </ConsoleDialog>
  );
}
