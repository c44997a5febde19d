/** How one setting of an export came over. */
export type Verdict = 'taken over' | 'approximated' | 'kept only';

export interface MappingNote {
  readonly setting: string;
  readonly verdict: Verdict;
  /** What it became, or why it could not. */
  readonly detail: string;
}

/** Collects what became of each setting, in the order in which they were looked at. */
export class MappingNotes {
  readonly #notes: MappingNote[] = [];

  get all(): readonly MappingNote[] {
    return this.#notes;
  }

  add(note: MappingNote): void {
    this.#notes.push(note);
  }

  taken(setting: string, detail: string): void {
    this.#notes.push({ setting, verdict: 'taken over', detail });
  }

  approximated(setting: string, detail: string): void {
    this.#notes.push({ setting, verdict: 'approximated', detail });
  }

  kept(setting: string, detail: string): void {
    this.#notes.push({ setting, verdict: 'kept only', detail });
  }
}
