import { useMemo, useRef, useState } from 'react';

import { type DefinitionEdit, errorBelow } from './definition-edit.ts';

export interface NewDefinition<T> {
  readonly value: T;
  readonly edit: DefinitionEdit<T>;
  /** Everything that is wrong, whether it is shown yet or not. */
  readonly problems: ReadonlyMap<string, string>;
  isBad(...fields: readonly string[]): boolean;
  /** Shows what is wrong, or keeps it to itself again. */
  setTried(tried: boolean): void;
  /** Creates it; once more after a failed second step it does nothing. */
  makeOnce(make: () => Promise<unknown>): Promise<void>;
}

/** The draft of a definition that a wizard makes. */
export function useNewDefinition<T>(
  begin: () => T,
  findProblems: (value: T, taken: readonly string[]) => ReadonlyMap<string, string>,
  taken: readonly string[],
): NewDefinition<T> {
  const [value, setValue] = useState(begin);
  const [tried, setTried] = useState(false);
  const made = useRef(false);
  const problems = useMemo(() => findProblems(value, taken), [findProblems, value, taken]);
  const set = (part: Partial<T>): void => setValue((before) => ({ ...before, ...part }));
  return {
    value,
    edit: { value, set, made: false, errors: tried ? problems : new Map<string, string>() },
    problems,
    isBad: (...fields) => fields.some((field) => errorBelow(problems, field) !== undefined),
    setTried,
    async makeOnce(make) {
      if (!made.current) await make();
      made.current = true;
    },
  };
}
