import { Button, Checkbox, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import { ChoiceLabel } from '#ui/ChoiceLabel.tsx';

import { ConsoleDialog } from './ConsoleDialog.tsx';
import type { Column } from './column.ts';
import { defaultLayout, type ListLayout } from './list-layout.ts';

const useStyles = makeStyles({
  columns: { maxHeight: '50vh', overflow: 'auto', border: `1px solid ${tokens.colorNeutralStroke1}` },
  row: { display: 'flex', alignItems: 'center', justifyContent: 'space-between', paddingRight: '8px' },
  moves: { display: 'flex', gap: '4px' },
});

export interface ColumnsDialogProps {
  readonly columns: readonly Column<unknown>[];
  readonly layout: ListLayout;
  /** Pixels that the list has for its columns. */
  readonly room: number;
  onLayout(layout: ListLayout | undefined): void;
  onClose(): void;
}

/** Add/Remove Columns: shows, hides and reorders without dragging; the name column stays. */
export function ColumnsDialog({ columns, layout, room, onLayout, onClose }: ColumnsDialogProps) {
  const styles = useStyles();
  const [chosen, choose] = useState(layout.columns);
  const rest = columns.filter(({ id }) => !chosen.includes(id)).map(({ id }) => id);
  const titleOf = (id: string): string => columns.find((column) => column.id === id)?.title ?? id;
  const nameId = columns[0]?.id;

  const move = (id: string, by: number): void => {
    const at = chosen.indexOf(id);
    const next = chosen.filter((other) => other !== id);
    choose([...next.slice(0, at + by), id, ...next.slice(at + by)]);
  };
  const accept = (): void => {
    onLayout({ ...layout, columns: chosen });
    onClose();
  };

  return (
    <ConsoleDialog
      title="Add/Remove Columns"
      onClose={onClose}
      buttons={
        <>
          <Button
            size="small"
            style={{ marginRight: 'auto' }}
            onClick={() => choose(defaultLayout(columns, room).columns)}
          >
            Restore Defaults
          </Button>
          <Button size="small" appearance="primary" onClick={accept}>
            OK
          </Button>
          <Button size="small" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <div className={styles.columns}>
        {[...chosen, ...rest].map((id) => {
          const shown = chosen.includes(id);
          const at = chosen.indexOf(id);
          return (
            <div key={id} className={styles.row}>
              <Checkbox
                label={<ChoiceLabel words={titleOf(id)} disabled={id === nameId} />}
                checked={shown}
                disabled={id === nameId}
                onChange={() => choose(shown ? chosen.filter((other) => other !== id) : [...chosen, id])}
              />
              {shown && id !== nameId ? (
                <span className={styles.moves}>
                  <Button
                    size="small"
                    aria-label={`Move ${titleOf(id)} up`}
                    disabled={at <= 1}
                    onClick={() => move(id, -1)}
                  >
                    Up
                  </Button>
                  <Button
                    size="small"
                    aria-label={`Move ${titleOf(id)} down`}
                    disabled={at === chosen.length - 1}
                    onClick={() => move(id, 1)}
                  >
                    Down
                  </Button>
                </span>
              ) : null}
            </div>
          );
        })}
      </div>
    </ConsoleDialog>
  );
}
