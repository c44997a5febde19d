import { PropertySheet } from '#console/PropertySheet.tsx';
import {
  type DefinitionDraft,
  type DefinitionSource,
  useDefinitionDraft,
} from '#state/use-definition-draft.ts';

import type { DraftPage } from '../../configuration/ConfigurationSheet.tsx';

export interface DefinitionSheetProps<T> {
  readonly title: string;
  readonly help: string;
  readonly source: DefinitionSource<T>;
  pages(draft: DefinitionDraft<T>): readonly DraftPage[];
  /** The command lines that do the same as Apply. */
  command(draft: DefinitionDraft<T>): string;
  onClose(): void;
}

/** A property sheet over one definition of single sign-on. */
export function DefinitionSheet<T extends object>(props: DefinitionSheetProps<T>) {
  const { title, help, source, pages, command, onClose } = props;
  const draft = useDefinitionDraft<T>(source);
  const paths = [...draft.errors.keys()];
  const isBad = (fields: readonly string[]): boolean =>
    paths.some((path) => fields.some((field) => path === field || path.startsWith(`${field}.`)));
  return (
    <PropertySheet
      title={title}
      help={help}
      pages={pages(draft).map(({ fields, ...page }) => ({ ...page, invalid: isBad(fields) }))}
      dirty={draft.dirty}
      stale={draft.stale}
      onRebase={draft.rebase}
      command={draft.dirty ? command(draft) : 'Nothing is changed yet'}
      onApply={draft.save}
      onClose={onClose}
    />
  );
}
