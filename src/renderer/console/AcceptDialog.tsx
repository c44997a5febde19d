import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';

import { ConsoleDialog } from './ConsoleDialog.tsx';

export interface AcceptDialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** OK, or Enter in a text box; closes nothing by itself. */
  onAccept(): void;
  onClose(): void;
}

/** A dialog of generic settings: OK takes them over, Cancel leaves no trace. */
export function AcceptDialog({ title, children, onAccept, onClose }: AcceptDialogProps) {
  return (
    <ConsoleDialog
      title={title}
      onClose={onClose}
      onSubmit={onAccept}
      buttons={
        <>
          <Button size="small" appearance="primary" onClick={onAccept}>
            OK
          </Button>
          <Button size="small" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      {children}
    </ConsoleDialog>
  );
}
