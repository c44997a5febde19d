import { useConsole } from '#console/console-context.ts';
import { PropertySheet, type SheetPage } from '#console/PropertySheet.tsx';
import { type ConfigurationReading, type Draft, type FindPlace, useDraft } from '#state/use-draft.ts';

import { commandText } from './command-text.ts';

/** A page before the sheet knows whether its fields hold. */
export interface DraftPage extends Omit<SheetPage, 'invalid'> {
  /** Beginnings of the paths of its fields, `password` for all below it. */
  readonly fields: readonly string[];
}

export interface ConfigurationSheetProps<T> {
  readonly title: string;
  readonly help: string;
  readonly listed?: boolean;
  readonly startPage?: string | undefined;
  readonly reading: ConfigurationReading;
  readonly find: FindPlace;
  pages(draft: Draft<T>): readonly DraftPage[];
  /** What is saved beside the configuration, such as a password. */
  readonly beside?: { readonly dirty: boolean; save(): Promise<void> };
  onClose(): void;
}

/** A property sheet over one part of the configuration. */
export function ConfigurationSheet<T>(props: ConfigurationSheetProps<T>) {
  const { title, help, listed = false, startPage, reading, find, pages, beside, onClose } = props;
  const { notify } = useConsole();
  const draft = useDraft<T>(reading, find);
  const paths = [...draft.errors.keys()];
  const isBad = (fields: readonly string[]): boolean =>
    paths.some((path) => fields.some((field) => path === field || path.startsWith(`${field}.`)));
  return (
    <PropertySheet
      title={title}
      help={help}
      listed={listed}
      startPage={startPage}
      pages={pages(draft).map(({ fields, ...page }) => ({ ...page, invalid: isBad(fields) }))}
      dirty={draft.dirty || beside?.dirty === true}
      stale={draft.stale}
      onRebase={draft.rebase}
      command={commandText(draft.changes)}
      onApply={async () => {
        const [warning, ...others] = await draft.save();
        await beside?.save();
        if (warning === undefined) return;
        const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
        notify({
          tone: 'warning',
          title: 'Saved, with a warning',
          body: `${warning.message}${more}. ${warning.fix}`,
        });
      }}
      onClose={onClose}
    />
  );
}
