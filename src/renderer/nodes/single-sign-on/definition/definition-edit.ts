/** What the pages of a sheet or a wizard over one definition work on. */
export interface DefinitionEdit<T> {
  readonly value: T;
  /** By path. */
  readonly errors: ReadonlyMap<string, string>;
  /** It is there already: what is fixed once it is made is only shown. */
  readonly made: boolean;
  set(part: Partial<T>): void;
}

/** The first error at a path or below it. */
export function errorBelow(errors: ReadonlyMap<string, string>, name: string): string | undefined {
  for (const [path, message] of errors) if (path === name || path.startsWith(`${name}.`)) return message;
  return undefined;
}
