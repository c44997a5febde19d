import { Button, Dialog, DialogSurface, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import { useConsole } from '#console/console-context.ts';
import type { AgentRow } from '#shared/contract/agents.ts';
import type { SpaceRow } from '#shared/contract/space.ts';
import { useSession } from '#state/session-context.ts';

import { objectWindows } from '../identity/object-windows.tsx';
import { SpaceFinder } from '../identity/SpaceFinder.tsx';
import { useAttempt } from '../identity/use-attempt.ts';

const useStyles = makeStyles({
  surface: {
    width: '860px',
    maxWidth: '96vw',
    height: '560px',
    maxHeight: '88vh',
    padding: '10px 12px',
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
  },
  title: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  buttons: { display: 'flex', justifyContent: 'flex-end', gap: '8px' },
});

export interface SearchSpaceDialogProps {
  readonly agent: AgentRow;
  onClose(): void;
}

/** Search Connector Space of one management agent. */
export function SearchSpaceDialog({ agent, onClose }: SearchSpaceDialogProps) {
  const styles = useStyles();
  const session = useSession();
  const { openDialog, help } = useConsole();
  const attempt = useAttempt();
  const [[row], choose] = useState<readonly SpaceRow[]>([]);
  const title = `Search Connector Space of ${agent.name}`;
  const open = ({ id }: SpaceRow): void =>
    attempt('Connector Space Object Properties', () =>
      objectWindows(session, openDialog).openSpaceObject(id),
    );
  return (
    <Dialog open modalType="modal">
      <DialogSurface
        className={styles.surface}
        aria-label={title}
        backdrop={{ style: { backgroundColor: 'transparent' } }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            onClose();
          } else if (event.key === 'F1') {
            event.preventDefault();
            event.stopPropagation();
            help('connector-space');
          }
        }}
      >
        <h1 className={styles.title}>{title}</h1>
        <SpaceFinder agent={agent.id} initialScope="all" onSelect={choose} onOpen={open} />
        <div className={styles.buttons}>
          <Button size="small" disabled={row === undefined} onClick={() => row && open(row)}>
            Properties
          </Button>
          <Button size="small" appearance="primary" onClick={onClose}>
            Close
          </Button>
        </div>
      </DialogSurface>
    </Dialog>
  );
}
