import { Button, Radio, RadioGroup } from '@fluentui/react-components';
import { useState } from 'react';

import { ChoiceLabel } from '#ui/ChoiceLabel.tsx';

import { ConsoleDialog } from './ConsoleDialog.tsx';
import type { Column } from './column.ts';
import { type ExportFormat, exportRows } from './export-list.ts';

const formats: readonly { readonly id: ExportFormat; readonly label: string; readonly type: string }[] = [
  { id: 'csv', label: 'Comma-separated values (.csv)', type: 'text/csv' },
  { id: 'txt', label: 'Tab-separated text (.txt)', type: 'text/plain' },
  { id: 'json', label: 'JSON (.json)', type: 'application/json' },
];

export interface ExportListDialogProps {
  readonly label: string;
  readonly columns: readonly Column<unknown>[];
  readonly rows: readonly unknown[];
  onClose(): void;
}

/** Export List: the visible columns in their order, every row of the list. */
export function ExportListDialog({ label, columns, rows, onClose }: ExportListDialogProps) {
  const [format, setFormat] = useState<ExportFormat>('csv');
  const save = (): void => {
    const type = formats.find(({ id }) => id === format)?.type ?? 'text/plain';
    const url = URL.createObjectURL(
      new Blob([exportRows(format, columns, rows)], { type: `${type};charset=utf-8` }),
    );
    const link = document.createElement('a');
    link.href = url;
    link.download = `${label.replaceAll(/[^\p{L}\p{N} _-]/gu, '')}.${format}`;
    link.click();
    URL.revokeObjectURL(url);
    onClose();
  };
  return (
    <ConsoleDialog
      title="Export List"
      onClose={onClose}
      buttons={
        <>
          <Button size="small" appearance="primary" onClick={save}>
            Export
          </Button>
          <Button size="small" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <span>{`${rows.length} rows of "${label}" will be written with the columns that are shown.`}</span>
      <RadioGroup value={format} onChange={(_, { value }) => setFormat(value as ExportFormat)}>
        {formats.map(({ id, label: words }) => (
          <Radio key={id} value={id} label={<ChoiceLabel words={words} />} />
        ))}
      </RadioGroup>
    </ConsoleDialog>
  );
}
