import { useEffect, useMemo, useState } from 'react';

import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { Mistake, ValueChange } from '#shared/contract/configuration.ts';
import { AppError } from '#shared/model/app-error.ts';
import { type Configuration, configurationSchema } from '#shared/model/configuration.ts';
import type { Reply } from '#shared/rpc/contract.ts';

import { applyChanges, findChanges, type ValuePath, valueAt, withValueAt } from './configuration-change.ts';
import { useSession } from './session-context.ts';

/** The configuration as it was when a sheet read it. */
export type ConfigurationReading = Reply<CarillonContract, 'configuration.get'>;

/** Where a draft lies in the configuration; undefined where what it was made of is gone. */
export type FindPlace = (configuration: Configuration) => ValuePath | undefined;

/** Edits of one part of the configuration, held back until they are saved. */
export interface Draft<T> {
  readonly value: T;
  change(value: T): void;
  /** What does not hold, by its path in the draft: `password.retryCount`. */
  readonly errors: ReadonlyMap<string, string>;
  readonly dirty: boolean;
  /** Somebody else changed the configuration since it was read. */
  readonly stale: boolean;
  /** Paths from the root of the configuration. */
  readonly changes: readonly ValueChange[];
  readonly configuration: Configuration;
  /** Reads what somebody else saved, and makes these edits on it. */
  rebase(): Promise<void>;
  /** Resolves with the warnings. Throws `conflict` where the draft is stale; the edits stay, and those made meanwhile. */
  save(): Promise<readonly Mistake[]>;
}

/** Drafts the part of the configuration at `find`; `reading` is what the sheet was opened with. */
export function useDraft<T>(reading: ConfigurationReading, find: FindPlace): Draft<T> {
  const session = useSession();
  const [base, setBase] = useState(reading);
  const [latest, setLatest] = useState(reading.revision);
  const [saving, setSaving] = useState(false);
  const path = find(base.configuration);
  const original = path === undefined ? undefined : valueAt(base.configuration, path);
  const [edited, setEdited] = useState<{ readonly value: unknown }>();
  const value = edited === undefined ? original : edited.value;

  useEffect(
    () => session.subscribe('configuration.changed', ({ revision }) => setLatest(revision)),
    [session],
  );
  const errors = useMemo(
    () => (path === undefined ? new Map<string, string>() : findErrors(base.configuration, path, value)),
    [base, path, value],
  );
  const changes = useMemo(
    () => (path === undefined ? [] : findChanges(original, value, path)),
    [path, original, value],
  );

  const read = async (): Promise<ConfigurationReading> => await session.client.call('configuration.get', {});
  /** Starts from `fresh`, and makes what was edited since `from` on it: the edits of now, not those of the click. */
  const startFrom = (fresh: ConfigurationReading, from: unknown): void => {
    const place = find(fresh.configuration);
    setBase(fresh);
    setLatest(fresh.revision);
    setEdited((now) => {
      const since = now === undefined ? [] : findChanges(from, now.value);
      if (place === undefined || since.length === 0) return undefined;
      return { value: applyChanges(valueAt(fresh.configuration, place), since) };
    });
  };
  return {
    value: value as T,
    change: (next) => setEdited({ value: next }),
    errors,
    dirty: changes.length > 0,
    // What is being saved is told to everybody, to this draft too, before the answer is here.
    stale: !saving && latest !== base.revision,
    changes,
    configuration: base.configuration,
    async rebase() {
      const fresh = await read();
      if (find(fresh.configuration) === undefined)
        throw new AppError('not_found', 'What is edited here was removed meanwhile');
      startFrom(fresh, original);
    },
    async save() {
      if (changes.length === 0) return [];
      setSaving(true);
      try {
        const { mistakes } = await session.client.call('configuration.set', {
          changes: [...changes],
          revision: base.revision,
        });
        startFrom(await read(), value);
        return mistakes.filter(({ severity }) => severity === 'warning');
      } finally {
        setSaving(false);
      }
    },
  };
}

/** The errors of the whole that lie in the draft. */
function findErrors(whole: Configuration, path: ValuePath, value: unknown): ReadonlyMap<string, string> {
  const { error } = configurationSchema.safeParse(withValueAt(whole, path, value));
  const errors = new Map<string, string>();
  for (const issue of error?.issues ?? []) {
    if (!path.every((key, index) => issue.path[index] === key)) continue;
    const key = issue.path.slice(path.length).join('.');
    if (!errors.has(key)) errors.set(key, issue.message);
  }
  return errors;
}
