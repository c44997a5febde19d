import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';

import { compareSnapshots, type NamedSnapshot } from '#exchange/compare/compare-snapshots.ts';
import { comparisonHtml } from '#exchange/report/comparison-html.ts';
import { comparisonMarkdown } from '#exchange/report/comparison-markdown.ts';
import { documentSnapshot } from '#exchange/report/document-snapshot.ts';
import { planRestore } from '#exchange/restore/plan-restore.ts';
import { canonicalText } from '#exchange/snapshot/canonical-value.ts';
import type { JsonObject } from '#exchange/snapshot/json-value.ts';
import { parseSnapshot } from '#exchange/snapshot/parse-snapshot.ts';
import {
  formatSnapshot,
  type Snapshot,
  type SnapshotBody,
  takeSnapshot,
} from '#exchange/snapshot/snapshot.ts';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { Mistake } from '#shared/contract/configuration.ts';
import type { Comparison, RestorePlan, SnapshotSource } from '#shared/contract/snapshots.ts';
import { AppError } from '#shared/model/app-error.ts';
import { type Configuration, configurationSchema } from '#shared/model/configuration.ts';
import type { Parsed } from '#shared/rpc/contract.ts';
import type { ConfigurationHistory, KeptConfiguration } from '#store/configuration-history.ts';

import { checkConfiguration } from '../configuration/check-configuration.ts';
import { ConfigurationError, type ConfigurationFile } from '../configuration/configuration-file.ts';
import { version } from '../version.ts';
import type { SecretOwners } from './secret-owners.ts';
import { isSameDefinitions, parseSectionText, sectionText } from './section-text.ts';
import { lostCredentials, undoneMappings } from './undone-mappings.ts';

/** What of the sections is read. */
export interface SectionChoice {
  readonly mappings: boolean;
  /** What domain controllers read from their directory; `if-there`: left out where it does not answer soon. */
  readonly pcns?: boolean | 'if-there';
}

export interface SnapshotDeskParts {
  readonly file: ConfigurationFile;
  readonly history: ConfigurationHistory;
  /** Which secrets are there now, by owner: `agents/<id>`, with those of mappings where asked for. */
  readonly secrets: (options: { readonly mappings: boolean }) => Promise<SecretOwners>;
  /** What is kept outside the configuration; undefined where it cannot be read now. */
  readonly sections: (options: SectionChoice) => Promise<JsonObject | undefined>;
  /** What keeps sections from being put in place of those of now. */
  readonly checkSections: (target: JsonObject, current: JsonObject) => readonly Mistake[];
  readonly now: () => number;
}

type Input<M extends keyof CarillonContract['methods'] & string> = Parsed<CarillonContract, M>;

/** Answers for snapshots from what runs, what ran, and what somebody brings along. */
export class SnapshotDesk {
  readonly #parts: SnapshotDeskParts;

  constructor(parts: SnapshotDeskParts) {
    this.#parts = parts;
  }

  async export({ source, parts, mappings, pcns }: Input<'snapshots.export'>, by: string) {
    const isWhole = parts === undefined;
    const choice = { by, parts, mappings, pcns: pcns ?? (isWhole ? 'if-there' : false) } as const;
    const { snapshot } = await this.#resolve(source, choice);
    const { origin, sha256 } = snapshot;
    const stamp = origin.madeAt.slice(0, 19).replaceAll(/[-:]/g, '');
    const fileName = `carillon-${origin.host}-${stamp}Z.json`;
    return { fileName, text: formatSnapshot(snapshot), sha256 };
  }

  async compare({ left, right, base, mapping, all }: Input<'snapshots.compare'>): Promise<Comparison> {
    const given = [left, right, ...(base === undefined ? [] : [base])];
    // The directory is asked only where another side speaks of it.
    const speaks = given.some(
      (one) => one.kind === 'text' && parseSnapshot(one.text, one.name).body.sections?.['pcns'] !== undefined,
    );
    const pcns = speaks ? 'if-there' : false;
    const [lefts, rights, bases] = await Promise.all([
      this.#resolve(left, { mappings: true, pcns }),
      this.#resolve(right, { mappings: true, pcns }),
      base && this.#resolve(base, { mappings: true, pcns }),
    ]);
    return compareSnapshots({ left: lefts, right: rights, base: bases, mapping, all });
  }

  async compareReport({ format, ...compared }: Input<'snapshots.compareReport'>) {
    const comparison = await this.compare(compared);
    const extension = format === 'markdown' ? 'md' : format;
    const stamp = new Date(this.#parts.now()).toISOString().slice(0, 10);
    return {
      fileName: `carillon-comparison-${stamp}.${extension}`,
      text:
        format === 'html'
          ? comparisonHtml(comparison)
          : format === 'markdown'
            ? comparisonMarkdown(comparison)
            : `${JSON.stringify(comparison, null, 2)}\n`,
    };
  }

  async report({ source }: Input<'snapshots.report'>, by: string) {
    const { snapshot } = await this.#resolve(source, { by, mappings: true, pcns: 'if-there' });
    const { host, madeAt } = snapshot.origin;
    return { fileName: `carillon-${host}-${madeAt.slice(0, 10)}.html`, html: documentSnapshot(snapshot) };
  }

  async plan(source: SnapshotSource, parts?: readonly string[]): Promise<RestorePlan> {
    return (await this.#plan(source, parts)).plan;
  }

  /** What a restore puts in force. Throws `conflict` at another revision, `invalid_configuration` for mistakes. */
  async prepareRestore({ source, parts, revision }: Input<'snapshots.restore'>) {
    const planned = await this.#plan(source, parts);
    const { plan } = planned;
    const configurationAlone = this.#parts.file.running.revision;
    if (revision !== plan.revision && revision !== configurationAlone)
      throw new AppError('conflict', 'The configuration was changed since the plan was made', {
        fix: 'Look at the plan again.',
      });
    if (!plan.possible) throw new ConfigurationError(plan.mistakes);
    if (plan.steps.length === 0)
      throw new AppError('conflict', `Nothing differs from ${plan.source}`, {
        fix: 'There is nothing to restore.',
      });
    return planned;
  }

  /**
   * What takes the last restore or import back: the text and the sections to put in force. Mappings that somebody made
   * or changed since stay. Throws `AppError` `conflict` where it cannot be taken back.
   */
  async prepareUndo() {
    const { history, file, sections } = this.#parts;
    const last = history.newestChange();
    const before = last && history.previousOf(last.id);
    const isRestore = last?.kind === 'restore' || last?.kind === 'import';
    if (!isRestore || before === undefined)
      throw new AppError('conflict', 'The last change of the configuration was no restore and no import', {
        fix: 'Restore a moment before it instead: "carillon snapshot history" has its number.',
      });
    const then = parseSectionText(before.sections);
    const done = parseSectionText(last.sections);
    const now = await sections({ mappings: then?.['mappings'] !== undefined });
    if (last.revision !== file.running.revision || !isSameDefinitions(now, last.sections))
      throw new AppError('conflict', `The configuration was changed since the last ${last.kind}`, {
        fix: `Restore the moment ${before.id} instead: it is the one before.`,
      });
    if (then !== undefined && now === undefined)
      throw new AppError('unavailable', 'The credential database cannot be read now', {
        fix: 'Take it back when it answers.',
      });
    const mappings = undoneMappings({ before: then, done, now });
    return {
      last,
      text: before.text,
      sections: { ...then, ...(mappings && { mappings }) },
      notRestored: lostCredentials(mappings ?? [], now, before.secrets),
    };
  }

  async #plan(source: SnapshotSource, parts: readonly string[] | undefined) {
    const { file, secrets, checkSections } = this.#parts;
    const { title, snapshot } = await this.#resolve(source, { mappings: true });
    const body = await this.#withoutSamePcns(snapshot.body);
    const mappings = body.sections?.['mappings'] !== undefined;
    const current = body.sections === undefined ? undefined : await this.#parts.sections({ mappings });
    const { revision } = file.running;
    return planRestore({
      current: file.configuration,
      revision: current === undefined ? revision : `${revision}.${shortHash(sectionText(current))}`,
      secrets: await secrets({ mappings }),
      hasFile: existsSync,
      sections: current,
      title,
      body,
      parts,
      check: (text, target) => {
        const { configuration, mistakes } = checkConfiguration(text);
        const more = current === undefined ? [] : checkSections(target, current);
        return { ok: configuration !== undefined && more.length === 0, mistakes: [...mistakes, ...more] };
      },
    });
  }

  /** Targets of PCNS are not restored, which is worth a word only where they differ. */
  async #withoutSamePcns(body: SnapshotBody): Promise<SnapshotBody> {
    const { pcns, ...others } = body.sections ?? {};
    if (pcns === undefined) return body;
    const now = await this.#parts.sections({ mappings: false, pcns: 'if-there' });
    const isSame = now?.['pcns'] !== undefined && canonicalText(now['pcns']) === canonicalText(pcns);
    return isSame ? { ...body, sections: others } : body;
  }

  async #resolve(
    source: SnapshotSource,
    { by = 'service', parts, mappings = false, pcns = false }: ResolveOptions = {},
  ): Promise<NamedSnapshot> {
    if (source.kind === 'text')
      return { title: source.name, snapshot: parseSnapshot(source.text, source.name) };
    const { file, history, secrets, sections, now } = this.#parts;
    const isPart = (name: string) => parts?.some((part) => part.split('/')[0] === name) === true;
    if (source.kind === 'running') {
      const choice = { mappings: mappings || isPart('mappings'), pcns: isPart('pcns') || pcns };
      const [kept, owners] = await Promise.all([sections(choice), secrets(choice)]);
      const { configuration, running } = file;
      return {
        title: `${hostname()}, now`,
        snapshot: this.#take(
          { configuration, secrets: owners, sections: kept ?? {} },
          { at: now(), by, revision: running.revision, parts },
        ),
      };
    }
    const moment = history.find(source.id);
    if (moment === undefined)
      throw new AppError('not_found', `No moment ${source.id} in the history of the configuration`, {
        fix: 'Look for it with "carillon snapshot history".',
      });
    const kept = parseSectionText(moment.sections) ?? {};
    const { mappings: _, ...definitions } = kept;
    const withMappings = mappings || isPart('mappings');
    return {
      title: `${hostname()}, ${new Date(moment.at).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
      snapshot: this.#take(
        {
          configuration: parseMoment(moment),
          secrets: withMappings ? moment.secrets : withoutMappings(moment.secrets),
          sections: withMappings ? kept : definitions,
        },
        { ...moment, parts },
      ),
    };
  }

  #take(
    contents: Omit<Parameters<typeof takeSnapshot>[0], 'parts'>,
    { at, by, revision, parts }: TakenAt,
  ): Snapshot {
    const madeAt = new Date(at).toISOString();
    return takeSnapshot(
      { ...contents, ...(parts === undefined ? {} : { parts }) },
      { product: version, host: hostname(), madeAt, madeBy: by, revision },
    );
  }
}

interface ResolveOptions {
  readonly by?: string;
  readonly parts?: readonly string[] | undefined;
  /** With mappings: those of now, or those that were kept at a restore. */
  readonly mappings?: boolean;
  readonly pcns?: boolean | 'if-there';
}

interface TakenAt {
  readonly at: number;
  readonly by: string;
  readonly revision: string;
  readonly parts: readonly string[] | undefined;
}

function withoutMappings(secrets: SecretOwners): SecretOwners {
  return Object.fromEntries(Object.entries(secrets).filter(([owner]) => !owner.startsWith('mappings/')));
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function parseMoment({ id, text }: KeptConfiguration): Configuration {
  const { data, error } = configurationSchema.safeParse(JSON.parse(text));
  if (data !== undefined) return data;
  throw new AppError('invalid_configuration', `The moment ${id} has a form that this version does not know`, {
    cause: error,
    fix: 'Use the program version that ran then.',
  });
}
