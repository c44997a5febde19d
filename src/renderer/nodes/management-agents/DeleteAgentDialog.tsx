import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useState } from 'react';

import { useSafeFocus } from '#console/use-safe-focus.ts';
import { ChoiceField } from '#ui/ChoiceField.tsx';
import { Icon } from '#ui/Icon.tsx';

export type DeletedPart = 'space' | 'agent';

const parts: Readonly<Record<DeletedPart, string>> = {
  space: 'Delete connector space only',
  agent: 'Delete management agent and connector space',
};
const effects: Readonly<Record<DeletedPart, string>> = {
  space:
    'Its objects and their joins go, and a person that nothing is left of goes with them. The management agent stays: a full import brings the objects back.',
  agent:
    'Its objects, their joins and the management agent itself go permanently, and no password reaches its directory any more.',
};

const useStyles = makeStyles({
  surface: { maxWidth: '460px', padding: '16px' },
  question: { display: 'flex', gap: '12px' },
  title: { fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300 },
  words: { margin: '0 0 8px' },
});

export interface DeleteAgentDialogProps {
  readonly agentName: string;
  onDelete(part: DeletedPart): void;
  onClose(): void;
}

/** Delete of a management agent: what of it goes. The safe button has the focus, the smaller part is chosen. */
export function DeleteAgentDialog({ agentName, onDelete, onClose }: DeleteAgentDialogProps) {
  const styles = useStyles();
  const safe = useSafeFocus();
  const [part, choose] = useState<DeletedPart>('space');
  return (
    <Dialog open modalType="alert">
      <DialogSurface
        className={styles.surface}
        aria-describedby="delete-question"
        backdrop={{ style: { backgroundColor: 'transparent' } }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
        }}
      >
        <DialogBody>
          <DialogTitle action={null} className={styles.title}>
            Delete Management Agent
          </DialogTitle>
          <DialogContent>
            <div className={styles.question}>
              <Icon name="warning" />
              <div>
                <p id="delete-question" className={styles.words}>
                  {`What do you want to delete of "${agentName}"?`}
                </p>
                <ChoiceField label="Delete:" value={part} choices={parts} onChange={choose} />
                <p>{`${effects[part]} The connected system stays as it is.`}</p>
              </div>
            </div>
          </DialogContent>
          <DialogActions>
            <Button
              size="small"
              onClick={() => {
                onClose();
                onDelete(part);
              }}
            >
              Delete
            </Button>
            <Button size="small" ref={safe} appearance="primary" onClick={onClose}>
              Cancel
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
