import type { IconName } from '#ui/icon-paths.ts';

/** Where a verb stands in a menu, in MMC's order: own commands, New, All Tasks, View, edit commands, Properties, Help. */
export type VerbSlot = 'top' | 'new' | 'tasks' | 'view' | 'edit' | 'properties' | 'help';

export const verbSlots: readonly VerbSlot[] = ['top', 'new', 'tasks', 'view', 'edit', 'properties', 'help'];

/** Question before an act that cannot be undone. Names the object; the safe answer has the focus. */
export interface Confirmation {
  readonly title: string;
  /** One question, the object in double quotes. */
  readonly question: string;
  /** What follows from a yes. */
  readonly effect: string;
  /** The verb that answers, such as `Delete`. */
  readonly answer: string;
}

/**
 * One command on an object. Menu bar, toolbar, actions pane, context menu, keyboard and command palette are all
 * made from the same list, so that none of them has a command that the others lack.
 */
export interface Verb {
  readonly id: string;
  /** Title Case; ends with `...` when it needs more input or asks first. */
  readonly label: string;
  readonly slot: VerbSlot;
  /** Puts it on the toolbar too. */
  readonly icon?: IconName;
  /** Letter of `label` that picks it in an open menu. */
  readonly accessKey?: string;
  /** Key in the form of `KeyboardEvent`: `F5`, `Delete`, `Alt+Enter`. */
  readonly shortcut?: string;
  /** Runs on double click and Enter; bold in menus. At most one of a list. */
  readonly isDefault?: boolean;
  /** Why it cannot run now; such a verb stays in the menu bar, disabled, and leaves the context menu. */
  readonly disabled?: string;
  /** For switches such as View > Actions Pane. */
  readonly checked?: boolean;
  readonly confirm?: Confirmation;
  /** Throws to report a failure: the console shows it, naming the verb. */
  run(): void | Promise<void>;
}

/** In MMC's order: by slot, within a slot as given. */
export function orderVerbs(verbs: readonly Verb[]): readonly Verb[] {
  return verbSlots.flatMap((slot) => verbs.filter((verb) => verb.slot === slot));
}

/** The verbs of one slot after the other, each group between separators. */
export function groupVerbs(verbs: readonly Verb[]): readonly (readonly Verb[])[] {
  return verbSlots
    .map((slot) => verbs.filter((verb) => verb.slot === slot))
    .filter((group) => group.length > 0);
}

export function defaultVerb(verbs: readonly Verb[]): Verb | undefined {
  return verbs.find((verb) => verb.isDefault === true && verb.disabled === undefined);
}
