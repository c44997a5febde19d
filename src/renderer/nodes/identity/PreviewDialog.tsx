import { Button } from '@fluentui/react-components';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import type { SpacePreview } from '#shared/contract/space.ts';

import { PreviewResult } from './PreviewResult.tsx';

export interface PreviewDialogProps {
  readonly preview: SpacePreview;
  onClose(): void;
}

/** Preview of one connector-space object. */
export function PreviewDialog({ preview, onClose }: PreviewDialogProps) {
  return (
    <ConsoleDialog
      title="Preview"
      width="720px"
      help="connector-space"
      onClose={onClose}
      buttons={
        <Button size="small" appearance="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <span>What the next synchronization would make of this object. Nothing of it has happened.</span>
      <PreviewResult preview={preview} />
    </ConsoleDialog>
  );
}
