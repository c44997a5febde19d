import { compareConfigurations } from '#exchange/compare/compare-configurations.ts';
import { sideOf } from '#exchange/compare/compare-snapshots.ts';
import type { JsonObject } from '#exchange/snapshot/json-value.ts';
import { pickSections, sharedSections } from '#exchange/snapshot/section-names.ts';
import { takeSnapshot } from '#exchange/snapshot/snapshot.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import { configurationSchema } from '#shared/model/configuration.ts';
import { describeValue } from '#shared/text/describe-value.ts';
import type {
  ConfigurationHistory,
  KeptConfiguration,
  MomentChange,
  MomentKind,
} from '#store/configuration-history.ts';

import type { ConfigurationFile } from '../configuration/configuration-file.ts';
import type { SecretOwners } from './secret-owners.ts';
import { isSameDefinitions, parseSectionText, sectionText } from './section-text.ts';

/** Changes that one moment names; what is beyond them, a comparison shows. */
const changeLimit = 100;
const valueLimit = 500;
const day = 86_400_000;

export interface ConfigurationJournalParts {
  readonly file: ConfigurationFile;
  readonly history: ConfigurationHistory;
  /** Which secrets are there now, by owner. */
  readonly secrets: (options: { readonly mappings: boolean }) => Promise<SecretOwners>;
  /** What is kept outside the configuration; undefined where it cannot be read now. */
  readonly sections: (options: { readonly mappings: boolean }) => Promise<JsonObject | undefined>;
  readonly now: () => number;
  readonly changed: () => void;
  readonly report: (error: unknown) => void;
}

/** What is noted of one moment. */
interface Noted {
  readonly kind: MomentKind;
  readonly by: string;
  readonly note: string;
  /** The configuration before; the one of now where absent. */
  readonly before?: Configuration;
  /** With the mappings of now, for a change that may be taken back exactly. */
  readonly mappings?: boolean;
}

/** Writes down every configuration that comes in force: who, when, from what to what. */
export class ConfigurationJournal {
  readonly #parts: ConfigurationJournalParts;
  /** Looks at the definitions that have not begun, by who changed them. */
  readonly #looks = new Map<string, Promise<void>>();
  #lastLook: Promise<unknown> = Promise.resolve();
  #writing: Promise<unknown> = Promise.resolve();

  constructor(parts: ConfigurationJournalParts) {
    this.#parts = parts;
    const { file, report } = parts;
    file.onChange((_, before, { by, kind, note = '', quiet = false }) => {
      if (!quiet) this.note({ kind, by, note, before }).catch(report);
    });
  }

  /** Notes what runs now where it is not what ran last: the first start, or an edit while nothing ran. */
  async start(): Promise<void> {
    const { file, history, sections } = this.#parts;
    const last = history.newest();
    const by = 'configuration file';
    if (last === undefined) {
      await this.note({ kind: 'start', by, note: 'The first start' });
      return;
    }
    const now = await sections({ mappings: false });
    const isSame = isSameDefinitions(now, last.sections);
    if (last.revision === file.running.revision && isSame) return;
    const before = tryParse(last.text);
    const note = 'Changed while the service was stopped';
    await this.note({ kind: 'start', by, note, ...cutShort(last), ...(before && { before }) });
  }

  /** Keeps the configuration of now under a note. */
  take(by: string, note: string, { mappings = false } = {}): Promise<number> {
    return this.note({ kind: 'snapshot', by, note, mappings });
  }

  /**
   * Notes that definitions of single sign-on are other ones, where they are. Looks one after the other, and once for
   * all calls of one caller that came before it looked: a file of thousands of definitions is one look.
   */
  sectionsChanged(by: string): Promise<void> {
    const waiting = this.#looks.get(by);
    if (waiting !== undefined) return waiting;
    const look = this.#lastLook.catch(() => undefined).then(() => this.#look(by));
    this.#looks.set(by, look);
    this.#lastLook = look;
    return look;
  }

  async #look(by: string): Promise<void> {
    const { history, sections } = this.#parts;
    await this.#writing.catch(() => undefined);
    this.#looks.delete(by);
    const now = await sections({ mappings: false });
    const last = history.newest();
    if (now === undefined || (last?.sections !== undefined && isSameDefinitions(now, last.sections))) return;
    await this.note({ kind: 'change', by, note: '' });
  }

  /** Writes a moment; resolves with its number once it is on disk. */
  note({ kind, by, note, before, mappings = false }: Noted): Promise<number> {
    const { file, history, secrets, sections, now, changed } = this.#parts;
    const { text, revision } = file.running;
    const { configuration } = file;
    const moment = { at: now(), by, kind, revision, note, text };
    const done = this.#writing
      .catch(() => undefined)
      .then(async () => {
        const [kept, owners] = await Promise.all([
          sections({ mappings }).catch(() => undefined),
          secrets({ mappings }),
        ]);
        const last = history.newest();
        const was = parseSectionText(last?.sections);
        // A snapshot that somebody takes changes nothing, and the first start has nothing before it.
        const changes =
          kind === 'snapshot' || last === undefined
            ? []
            : changesOf(
                { configuration: before ?? configuration, sections: was },
                { configuration, sections: kept },
              );
        return await history.append({
          ...moment,
          secrets: owners,
          changes,
          sections: kept === undefined ? undefined : sectionText(kept),
        });
      });
    this.#writing = done.then(changed);
    return done;
  }

  /** Forgets what is older than the configuration says. */
  async prune(): Promise<void> {
    const { file, history, now } = this.#parts;
    await history.prune(now() - file.configuration.snapshots.keepDays * day);
  }

  /** Resolves when everything is on disk. */
  async settled(): Promise<void> {
    await this.#lastLook.catch(() => undefined);
    await this.#writing.catch(() => undefined);
  }
}

/**
 * What a restore is noted as that a power failure ended: the moment before it is the newest then, and something else is
 * in force. Noted as a restore, it can be undone like any other.
 */
function cutShort({ kind, by, note: title, sections }: KeptConfiguration): Partial<Noted> {
  const [, source, isImport] = /^Before (?:restoring (.+)|(an import))$/s.exec(title) ?? [];
  if (kind !== 'snapshot') return {};
  const words = 'cut short when the service ended';
  const mappings = parseSectionText(sections)?.['mappings'] !== undefined;
  if (source !== undefined) return { kind: 'restore', by, note: `${source}, ${words}`, mappings };
  return isImport === undefined ? {} : { kind: 'import', by, note: words, mappings };
}

function tryParse(text: string): Configuration | undefined {
  return configurationSchema.safeParse(JSON.parse(text)).data;
}

interface Side {
  readonly configuration: Configuration;
  readonly sections?: JsonObject | undefined;
}

/** What differs, in words: one line a property, one for an object that came or went. */
export function changesOf(before: Side, after: Side): readonly MomentChange[] {
  const shared = sharedSections([before.sections, after.sections]);
  const side = ({ configuration, sections }: Side) =>
    sideOf({
      title: '',
      snapshot: takeSnapshot(
        { configuration, secrets: {}, sections: pickSections(sections, shared) },
        unknownOrigin,
      ),
    });
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
