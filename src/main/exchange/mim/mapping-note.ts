/** How one setting of an export came over. */
export type Verdict = 'taken over' | 'approximated' | 'kept only';

export interface MappingNote {
  readonly setting: string;
  readonly verdict: Verdict;
  /** What it became, or why it could not. */
  readonly detail: string;
}

/** Characters of a setting or a detail. */
const longestText = 500;

/** Collects what became of each setting, in the order in which they were looked at. */
export class MappingNotes {
  readonly #notes: MappingNote[] = [];

  get all(): readonly MappingNote[] {
    return this.#notes;
  }

  add({ setting, verdict, detail }: MappingNote): void {
    this.#notes.push({ setting: cut(setting), verdict, detail: cut(detail) });
  }

  taken(setting: string, detail: string): void {
    this.add({ setting, verdict: 'taken over', detail });
  }

  approximated(setting: string, detail: string): void {
    this.add({ setting, verdict: 'approximated', detail });
  }

  kept(setting: string, detail: string): void {
    this.add({ setting, verdict: 'kept only', detail });
  }
}

/** The report is for reading; what a file says without end stays in the kept file. */
function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}…`;
}
