import { compareConfigurations } from '#exchange/compare/compare-configurations.ts';
import { sideOf } from '#exchange/compare/compare-snapshots.ts';
import { takeSnapshot } from '#exchange/snapshot/snapshot.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import { configurationSchema } from '#shared/model/configuration.ts';
import { describeValue } from '#shared/text/describe-value.ts';
import type { ConfigurationHistory, MomentChange, MomentKind } from '#store/configuration-history.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';

/** Changes that one moment names; what is beyond them, a comparison shows. */
const changeLimit = 100;
const valueLimit = 500;
const day = 86_400_000;

export interface ConfigurationJournalParts {
  readonly file: ConfigurationFile;
  readonly history: ConfigurationHistory;
  /** Which secrets are there now, by owner. */
  readonly secrets: () => Readonly<Record<string, boolean>>;
  readonly now: () => number;
  readonly changed: () => void;
  readonly report: (error: unknown) => void;
}

/** Writes down every configuration that comes in force: who, when, from what to what. */
export class ConfigurationJournal {
  readonly #parts: ConfigurationJournalParts;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(parts: ConfigurationJournalParts) {
    this.#parts = parts;
    const { file, report } = parts;
    file.onChange((now, before, { by, kind, note = '' }) => {
      this.#append(kind, by, note, changesOf(before, now)).catch(report);
    });
  }

  /** Notes what runs now where it is not what ran last: the first start, or an edit while nothing ran. */
  async start(): Promise<void> {
    const { file, history } = this.#parts;
    const last = history.newest();
    if (last?.revision === file.running.revision) return;
    const before = last === undefined ? undefined : tryParse(last.text);
    const changes = before === undefined ? [] : changesOf(before, file.configuration);
    const note = last === undefined ? 'The first start' : 'Changed while the service was stopped';
    await this.#append('start', 'configuration file', note, changes);
  }

  /** Keeps the configuration of now under a note. */
  take(by: string, note: string): Promise<number> {
    return this.#append('snapshot', by, note, []);
  }

  /** Forgets what is older than the configuration says. */
  async prune(): Promise<void> {
    const { file, history, now } = this.#parts;
    await history.prune(now() - file.configuration.snapshots.keepDays * day);
  }

  /** Resolves when everything is on disk. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  #append(kind: MomentKind, by: string, note: string, changes: readonly MomentChange[]): Promise<number> {
    const { file, history, secrets, now, changed } = this.#parts;
    const { text, revision } = file.running;
    const done = history.append({ at: now(), by, kind, revision, note, changes, text, secrets: secrets() });
    this.#writing = done.then(changed);
    return done;
  }
}

function tryParse(text: string): Configuration | undefined {
  return configurationSchema.safeParse(JSON.parse(text)).data;
}

/** What differs, in words: one line a property, one for an object that came or went. */
export function changesOf(before: Configuration, after: Configuration): readonly MomentChange[] {
  const side = (configuration: Configuration) =>
    sideOf({ title: '', snapshot: takeSnapshot({ configuration, secrets: {} }, unknownOrigin) });
  const { objects } = compareConfigurations(side(before), side(after), { strict: true });
  const changes: MomentChange[] = [];
  let hidden = -1;
  for (const { depth, kind, name, state, properties } of objects) {
    if (changes.length >= changeLimit) break;
    if (hidden !== -1 && depth > hidden) continue;
    const object = kind === name ? kind : `${kind} "${name}"`;
    hidden = state === 'added' || state === 'removed' ? depth : -1;
    if (hidden !== -1) changes.push({ object, property: state === 'added' ? 'Created' : 'Deleted' });
    else
      for (const { label, left, right } of properties)
        changes.push({
          object,
          property: label,
          ...(left === undefined ? {} : { from: shorten(describeValue(left)) }),
          ...(right === undefined ? {} : { to: shorten(describeValue(right)) }),
        });
  }
  return changes.slice(0, changeLimit);
}

const unknownOrigin = { product: '', host: '', madeAt: '', madeBy: '', revision: '' };

function shorten(text: string): string {
  return text.length > valueLimit ? `${text.slice(0, valueLimit - 3)}...` : text;
}
