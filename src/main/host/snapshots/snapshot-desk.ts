import { hostname } from 'node:os';

import { compareSnapshots, type NamedSnapshot } from '#exchange/compare/compare-snapshots.ts';
import { documentSnapshot } from '#exchange/report/document-snapshot.ts';
import { planRestore } from '#exchange/restore/plan-restore.ts';
import type { JsonValue } from '#exchange/snapshot/json-value.ts';
import { parseSnapshot } from '#exchange/snapshot/parse-snapshot.ts';
import { formatSnapshot, type Snapshot, takeSnapshot } from '#exchange/snapshot/snapshot.ts';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { Comparison, RestorePlan, SnapshotSource } from '#shared/contract/snapshots.ts';
import { AppError } from '#shared/model/app-error.ts';
import { type Configuration, configurationSchema } from '#shared/model/configuration.ts';
import type { Parsed } from '#shared/rpc/contract.ts';
import type { ConfigurationHistory, KeptConfiguration } from '#store/configuration-history.ts';

import { checkConfiguration } from '../configuration/check-configuration.ts';
import { ConfigurationError, type ConfigurationFile } from '../configuration/configuration-file.ts';
import { version } from '../version.ts';

export interface SnapshotDeskParts {
  readonly file: ConfigurationFile;
  readonly history: ConfigurationHistory;
  /** Which secrets are there now, by owner: `agents/<id>`. */
  readonly secrets: () => Readonly<Record<string, boolean>>;
  /** What is kept outside the configuration, by section. */
  readonly sections: () => Readonly<Record<string, JsonValue>>;
  readonly now: () => number;
}

type Input<M extends keyof CarillonContract['methods'] & string> = Parsed<CarillonContract, M>;

/** Answers for snapshots from what runs, what ran, and what somebody brings along. */
export class SnapshotDesk {
  readonly #parts: SnapshotDeskParts;

  constructor(parts: SnapshotDeskParts) {
    this.#parts = parts;
  }

  export({ source, parts, mappings }: Input<'snapshots.export'>, by: string) {
    const { snapshot } = this.#resolve(source, { by, parts, mappings });
    const { origin, sha256 } = snapshot;
    const stamp = origin.madeAt.slice(0, 19).replaceAll(/[-:]/g, '');
    const fileName = `carillon-${origin.host}-${stamp}Z.json`;
    return { fileName, text: formatSnapshot(snapshot), sha256 };
  }

  compare({ left, right, base, mapping, all }: Input<'snapshots.compare'>): Comparison {
    return compareSnapshots({
      left: this.#resolve(left),
      right: this.#resolve(right),
      base: base && this.#resolve(base),
      mapping,
      all,
    });
  }

  report({ source }: Input<'snapshots.report'>, by: string) {
    const { snapshot } = this.#resolve(source, { by });
    const { host, madeAt } = snapshot.origin;
    return { fileName: `carillon-${host}-${madeAt.slice(0, 10)}.html`, html: documentSnapshot(snapshot) };
  }

  plan(source: SnapshotSource, parts?: readonly string[]): RestorePlan {
    return this.#plan(source, parts).plan;
  }

  /** What a restore puts in force. Throws `conflict` at another revision, `invalid_configuration` for mistakes. */
  prepareRestore({ source, parts, revision }: Input<'snapshots.restore'>) {
    if (revision !== this.#parts.file.running.revision)
      throw new AppError('conflict', 'The configuration was changed since the plan was made', {
        fix: 'Look at the plan again.',
      });
    const { plan, target } = this.#plan(source, parts);
    if (!plan.possible) throw new ConfigurationError(plan.mistakes);
    if (plan.steps.length === 0)
      throw new AppError('conflict', `Nothing differs from ${plan.source}`, {
        fix: 'There is nothing to restore.',
      });
    return { plan, target };
  }

  /** The last restore and what was there before it. Throws `conflict` where it cannot be taken back. */
  findUndo(): { readonly restore: KeptConfiguration; readonly before: KeptConfiguration } {
    const { history, file } = this.#parts;
    const restore = history.newest('restore');
    const before = restore && history.previousOf(restore.id);
    if (restore === undefined || before === undefined)
      throw new AppError('conflict', 'There is no restore that could be taken back');
    if (restore.revision !== file.running.revision)
      throw new AppError('conflict', 'The configuration was changed since the last restore', {
        fix: `Restore the moment ${before.id} instead: it is the one before.`,
      });
    return { restore, before };
  }

  #plan(source: SnapshotSource, parts: readonly string[] | undefined) {
    const { file, secrets } = this.#parts;
    const { title, snapshot } = this.#resolve(source, { mappings: false });
    return planRestore({
      current: file.configuration,
      revision: file.running.revision,
      secrets: secrets(),
      title,
      body: snapshot.body,
      parts,
      check: (text) => {
        const { configuration, mistakes } = checkConfiguration(text);
        return { ok: configuration !== undefined, mistakes };
      },
    });
  }

  #resolve(
    source: SnapshotSource,
    { by = 'service', parts, mappings = true }: ResolveOptions = {},
  ): NamedSnapshot {
    if (source.kind === 'text')
      return { title: source.name, snapshot: parseSnapshot(source.text, source.name) };
    const { file, history, secrets, sections, now } = this.#parts;
    if (source.kind === 'running') {
      const { configuration, running } = file;
      const contents = { configuration, secrets: secrets(), sections: mappings ? sections() : {} };
      return {
        title: `${hostname()}, now`,
        snapshot: this.#take(contents, { at: now(), by, revision: running.revision, parts }),
      };
    }
    const moment = history.find(source.id);
    if (moment === undefined)
      throw new AppError('not_found', `No moment ${source.id} in the history of the configuration`, {
        fix: 'Look for it with "carillon snapshot history".',
      });
    const contents = { configuration: parseMoment(moment), secrets: moment.secrets };
    return {
      title: `${hostname()}, ${new Date(moment.at).toISOString().slice(0, 19).replace('T', ' ')} UTC`,
      snapshot: this.#take(contents, { ...moment, parts }),
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
  readonly mappings?: boolean;
}

interface TakenAt {
  readonly at: number;
  readonly by: string;
  readonly revision: string;
  readonly parts: readonly string[] | undefined;
}

function parseMoment({ id, text }: KeptConfiguration): Configuration {
  const { data, error } = configurationSchema.safeParse(JSON.parse(text));
  if (data !== undefined) return data;
  throw new AppError('invalid_configuration', `The moment ${id} has a form that this version does not know`, {
    cause: error,
    fix: 'Use the program version that ran then.',
  });
}
