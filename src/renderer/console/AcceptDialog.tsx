import { Button } from '@fluentui/react-components';

import { ConsoleDialog, type ConsoleDialogProps } from './ConsoleDialog.tsx';

export interface AcceptDialogProps extends Omit<ConsoleDialogProps, 'buttons' | 'onSubmit'> {
  /** What the first button says, OK where absent. */
  readonly verb?: string;
  /** Whether it is at work: the button then keeps the keyboard, and does nothing. */
  readonly busy?: boolean;
  /** Whether there is nothing to accept yet. */
  readonly disabled?: boolean;
  /** The first button, or Enter in a text box; closes nothing by itself. */
  onAccept(): void;
}

/** A dialog of two buttons: the first takes over what was entered, Cancel leaves no trace. */
export function AcceptDialog({
  verb = 'OK',
  busy = false,
  disabled = false,
  onAccept,
  ...dialog
}: AcceptDialogProps) {
  return (
    <ConsoleDialog
      {...dialog}
      // Enter does what the button would.
      onSubmit={() => {
        if (!disabled && !busy) onAccept();
      }}
      buttons={
        <>
          <Button
            size="small"
            appearance="primary"
            disabled={disabled}
            disabledFocusable={busy}
            onClick={onAccept}
          >
            {verb}
          </Button>
          <Button size="small" onClick={dialog.onClose}>
            Cancel
          </Button>
        </>
      }
    />
  );
}
