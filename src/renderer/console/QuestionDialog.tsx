import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  mergeClasses,
  tokens,
} from '@fluentui/react-components';
import { type ReactNode, useId } from 'react';

import { Icon } from '#ui/Icon.tsx';

import { useSafeFocus } from './use-safe-focus.ts';
import { useWindowStyles } from './use-window-styles.ts';

const useStyles = makeStyles({
  surface: { maxWidth: '440px', padding: '16px' },
  body: { minHeight: 0 },
  content: {
    display: 'flex',
    gap: '12px',
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  title: { fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300 },
  words: { margin: 0, minWidth: 0 },
});

export interface QuestionDialogProps {
  /** The command that asks. */
  readonly title: string;
  readonly question: string;
  /** What the answer does, and what it may be made of. */
  readonly children: ReactNode;
  /** The verb that says yes. */
  readonly answer: string;
  onAnswer(yes: boolean): void;
}

/** One question; the safe button has the focus, so that Enter does no harm. */
export function QuestionDialog({ title, question, children, answer, onAnswer }: QuestionDialogProps) {
  const frame = useWindowStyles();
  const styles = useStyles();
  const safe = useSafeFocus();
  const id = useId();
  return (
    <Dialog
      open
      modalType="alert"
      onOpenChange={(_, { open }) => {
        if (!open) onAnswer(false);
      }}
    >
      <DialogSurface
        className={mergeClasses(frame.surface, styles.surface)}
        aria-describedby={id}
        backdrop={{ style: { backgroundColor: 'transparent' } }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onAnswer(false);
        }}
      >
        <DialogBody className={styles.body}>
          <DialogTitle action={null} className={styles.title}>
            {title}
          </DialogTitle>
          <DialogContent className={styles.content}>
            <Icon name="warning" />
            <div>
              <p id={id} className={styles.words}>
                {question}
              </p>
              {children}
            </div>
          </DialogContent>
          <DialogActions>
            <Button size="small" onClick={() => onAnswer(true)}>
              {answer}
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
