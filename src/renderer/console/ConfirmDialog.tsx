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

import { Icon } from '#ui/Icon.tsx';

import { useSafeFocus } from './use-safe-focus.ts';
import type { Confirmation } from './verb.ts';

const useStyles = makeStyles({
  surface: { maxWidth: '440px', padding: '16px' },
  question: { display: 'flex', gap: '12px' },
  title: { fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300 },
  words: { margin: 0 },
});

export interface ConfirmDialogProps {
  readonly confirmation: Confirmation;
  onAnswer(yes: boolean): void;
}

/** One question; the safe button has the focus, so that Enter does no harm. */
export function ConfirmDialog({ confirmation, onAnswer }: ConfirmDialogProps) {
  const styles = useStyles();
  const safe = useSafeFocus();
  return (
    <Dialog
      open
      modalType="alert"
      onOpenChange={(_, { open }) => {
        if (!open) onAnswer(false);
      }}
    >
      <DialogSurface
        className={styles.surface}
        aria-describedby="confirm-question"
        backdrop={{ style: { backgroundColor: 'transparent' } }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onAnswer(false);
        }}
      >
        <DialogBody>
          <DialogTitle action={null} className={styles.title}>
            {confirmation.title}
          </DialogTitle>
          <DialogContent>
            <div id="confirm-question" className={styles.question}>
              <Icon name="warning" />
              <div>
                <p className={styles.words}>{confirmation.question}</p>
                <p>{confirmation.effect}</p>
              </div>
            </div>
          </DialogContent>
          <DialogActions>
            <Button size="small" onClick={() => onAnswer(true)}>
              {confirmation.answer}
            </Button>
            <Button size="small" ref={safe} appearance="primary" onClick={() => onAnswer(false)}>
              Cancel
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
