import { useEffect, useMemo, useState } from 'react';
import type { z } from 'zod';

import { useSession } from './session-context.ts';

/** Names and values of what is edited, as the server takes them: null takes an optional value away. */
export type DefinitionChanges = Readonly<Record<string, unknown>>;

export interface DefinitionSource<T> {
  /** As it was when the sheet was opened. */
  readonly initial: T;
  readonly schema: z.ZodType<T>;
  /** Reads it anew. Throws where it is gone. */
  read(): Promise<T>;
  /** `seen` has what the changed values were. Throws `conflict` where they are others by now. */
  save(changes: DefinitionChanges, seen: DefinitionChanges, value: T): Promise<void>;
}

/** Edits of one definition of single sign-on, held back until they are saved. */
export interface DefinitionDraft<T> {
  readonly value: T;
  set(part: Partial<T>): void;
  /** What does not hold, by its path: `fields.0.label`. */
  readonly errors: ReadonlyMap<string, string>;
  readonly changes: DefinitionChanges;
  readonly dirty: boolean;
  /** Somebody else changed it since it was read. */
  readonly stale: boolean;
  rebase(): Promise<void>;
  save(): Promise<void>;
}

/** Drafts a definition that single sign-on keeps in its database. */
export function useDefinitionDraft<T extends object>(source: DefinitionSource<T>): DefinitionDraft<T> {
  const session = useSession();
  const [base, setBase] = useState(source.initial);
  const [latest, setLatest] = useState(source.initial);
  const [part, setPart] = useState<Partial<T>>({});
  const [saving, setSaving] = useState(false);
  const value = useMemo(() => ({ ...base, ...part }), [base, part]);
  const { read, schema } = source;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` is made anew at every turn
  useEffect(
    () => session.subscribe('sso.changed', () => void read().then(setLatest, () => undefined)),
    [session],
  );
  const errors = useMemo(() => {
    const found = new Map<string, string>();
    for (const { path, message } of schema.safeParse(withoutAbsent(value)).error?.issues ?? []) {
      const key = path.join('.');
      if (!found.has(key)) found.set(key, message);
    }
    return found;
  }, [schema, value]);
  const changed = keysThatDiffer(base, value);
  const changes = pick(value, changed);
  return {
    value,
    set: (more) => setPart((before) => ({ ...before, ...more })),
    errors,
    changes,
    dirty: changed.length > 0,
    // What is being saved is told to everybody, to this draft too, before the answer is here.
    stale: !saving && keysThatDiffer(base, latest).length > 0,
    async rebase() {
      const fresh = await read();
      setBase(fresh);
      setLatest(fresh);
    },
    async save() {
      setSaving(true);
      try {
        await source.save(changes, pick(base, changed), value);
        const fresh = await read();
        setBase(fresh);
        setLatest(fresh);
        // What was typed meanwhile is not saved yet.
        setPart((now) => only(now, keysThatDiffer(value, { ...value, ...now })));
      } finally {
        setSaving(false);
      }
    },
  };
}

function keysThatDiffer(left: object, right: object): readonly string[] {
  const [before, after] = [new Map(Object.entries(left)), new Map(Object.entries(right))];
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => JSON.stringify(before.get(key) ?? null) !== JSON.stringify(after.get(key) ?? null),
  );
}

function pick(value: object, keys: readonly string[]): DefinitionChanges {
  const values = new Map<string, unknown>(Object.entries(value));
  return Object.fromEntries(keys.map((key) => [key, values.get(key) ?? null]));
}

function only<T extends object>(part: Partial<T>, keys: readonly string[]): Partial<T> {
  return Object.fromEntries(Object.entries(part).filter(([key]) => keys.includes(key))) as Partial<T>;
}

function withoutAbsent(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
