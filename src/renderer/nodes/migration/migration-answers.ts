/** What the person left out, chose otherwise or typed. */
export interface MigrationAnswers {
  /** Ids of agents and keys of definitions that stay behind. */
  readonly left: ReadonlySet<string>;
  readonly kinds: Readonly<Record<string, string>>;
  readonly mappings: boolean;
  readonly options: boolean;
}

export const noAnswers: MigrationAnswers = { left: new Set(), kinds: {}, mappings: false, options: false };
