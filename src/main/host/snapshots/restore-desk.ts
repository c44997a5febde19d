import type { JsonObject } from '#exchange/snapshot/json-value.ts';
import type { Mistake } from '#shared/contract/configuration.ts';
import { AppError } from '#shared/model/app-error.ts';

import type { ConfigurationChange, ConfigurationFile } from '../configuration/configuration-file.ts';
import type { ConfigurationJournal } from './configuration-journal.ts';
import type { SectionDesk } from './section-desk.ts';

export interface RestoreDeskParts {
  readonly file: ConfigurationFile;
  readonly journal: ConfigurationJournal;
  readonly sections: SectionDesk;
}

export interface RestoreNote {
  readonly kind: 'restore' | 'undo' | 'import';
  readonly by: string;
  readonly note: string;
  /** Of the moment that is taken before. */
  readonly title: string;
}

/** Puts a whole configuration and the sections beside it in force, all of it or none, with a moment taken before. */
export class RestoreDesk {
  readonly #parts: RestoreDeskParts;

  constructor(parts: RestoreDeskParts) {
    this.#parts = parts;
  }

  /** `target` is the configuration, as an object or as a text whose formatting is kept. */
  async put(
    { kind, by, note, title }: RestoreNote,
    target: JsonObject | string,
    sections: JsonObject,
  ): Promise<{ readonly before: number; readonly mistakes: readonly Mistake[] }> {
    const { file, journal, sections: desk } = this.#parts;
    const { revision } = file.running;
    if (Object.keys(sections).length > 0) {
      const [first] = desk.check(sections, await desk.read({ mappings: 'mappings' in sections }));
      if (first !== undefined)
        throw new AppError('invalid_configuration', `${first.path}: ${first.message}`, { fix: first.fix });
    }
    const mappings = Object.keys(sections).length > 0;
    // On disk first: what is put in force without the moment before it could not be taken back.
    const before = await journal.take(by, title, { mappings });
    const { text, configuration } = file.running;
    const origin = { by, kind, note, quiet: true };
    let change: ConfigurationChange | undefined;
    const between = (): (() => void) => {
      change =
        typeof target === 'string'
          ? file.apply(target, revision, origin)
          : file.put(target, revision, origin);
      return () => {
        file.apply(text, file.running.revision, { ...origin, kind: 'undo' });
      };
    };
    let tell = async (_: string): Promise<void> => undefined;
    if (mappings) tell = await desk.apply(sections, between);
    else between();
    await journal.note({ kind, by, note, before: configuration, mappings });
    await tell(by);
    return { before, mistakes: change?.mistakes ?? [] };
  }
}
