import type { Partition } from '#shared/model/agent.ts';
import type { AgentId, ConnectorId } from '#shared/model/change.ts';
import type { RunStep } from '#shared/model/run-profile.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';

import type { Commit } from './commit.ts';
import { type ConnectorSpace, type SpaceObject, valuesOf } from './connector-space.ts';
import { ExportFailure, type ExportTarget } from './export-target.ts';
import { ImportFailure } from './import-failure.ts';
import type { Attributes } from './import-source.ts';
import type { PendingExport, PendingExports, StagedAdd, StagedUpdate } from './pending-exports.ts';
import type { ObjectError } from './run-error.ts';
import type { RunResult } from './run-result.ts';
import type { ExportStatistics } from './run-statistics.ts';

/** Objects whose outcomes share a transaction: after a crash, this many at most are sent once more. */
const batchSize = 20;

export interface ExportStep {
  readonly agent: AgentId;
  readonly partition: Partition;
  readonly target: ExportTarget;
  readonly settings: RunStep;
  readonly statistics: ExportStatistics;
  readonly fail: (error: ObjectError) => void;
  readonly progress: (objects: number) => void;
  readonly signal: AbortSignal;
}

interface Outcome {
  readonly wanted: PendingExport;
  readonly failure?: ExportFailure;
}

/** Writes what synchronization staged into one partition of a directory. */
export class Exporter {
  readonly #space: ConnectorSpace;
  readonly #exports: PendingExports;
  readonly #commit: Commit;

  constructor(space: ConnectorSpace, exports: PendingExports, commit: Commit) {
    this.#space = space;
    this.#exports = exports;
    this.#commit = commit;
  }

  /** Throws `ImportFailure` with the run's result where it could not go on; what was written until then is kept. */
  async run(step: ExportStep): Promise<RunResult> {
    try {
      this.#checkDeletions(step);
      return await this.#walk(step);
    } finally {
      await step.target.close();
    }
  }

  async #walk(step: ExportStep): Promise<RunResult> {
    const slice = { agent: step.agent, partition: step.partition.dn };
    /** What was left over in this run waits for the next. */
    const leftOver = new Set<number>();
    let after = 0;
    let objects = 0;
    for (;;) {
      const room = (step.settings.objectLimit ?? Number.POSITIVE_INFINITY) - objects;
      const ids = this.#exports.pendingIds({ ...slice, after, limit: Math.min(batchSize, room + 1) });
      const last = ids.at(-1);
      if (last === undefined) break;
      if (room <= 0)
        throw new ImportFailure(
          'stopped-object-limit',
          'cd-error',
          `Stopped after ${objects} objects, the step's limit`,
        );
      after = last;
      const due = ids.slice(0, room).filter((id) => !leftOver.has(id));
      objects += await this.#write(step, due, leftOver);
      step.progress(objects);
    }
    if (step.statistics.failures > 0) return 'completed-export-errors';
    return objects === 0 ? 'completed-no-objects' : 'success';
  }

  async #write(step: ExportStep, ids: readonly number[], leftOver: Set<number>): Promise<number> {
    const outcomes: Outcome[] = [];
    try {
      for (const id of ids) {
        step.signal.throwIfAborted();
        const wanted = this.#exports.find(id);
        if (wanted === undefined) continue;
        const outcome = await this.#writeOne(step, wanted);
        outcomes.push(outcome);
        if (outcome.failure?.result !== undefined)
          throw new ImportFailure(outcome.failure.result, outcome.failure.word, outcome.failure.message, {
            cause: outcome.failure,
          });
      }
    } finally {
      // What the directory took must be known even where the run ends here.
      if (outcomes.length > 0) await this.#commit(() => this.#record(outcomes, step.target, leftOver));
      for (const outcome of outcomes) this.#count(step, outcome);
    }
    return outcomes.length;
  }

  async #writeOne(step: ExportStep, wanted: PendingExport): Promise<Outcome> {
    const { target, partition, signal } = step;
    try {
      if (wanted.operation === 'add') {
        const { dn, objectClasses, changes: attributes } = wanted;
        await target.add(partition, { dn, objectClasses, attributes }, signal);
      } else {
        const object = this.#space.find(wanted.connector);
        if (object === undefined) return { wanted };
        const { dn, anchor, objectType, attributes } = object;
        const name = { dn, anchor, objectType, attributes };
        if (wanted.operation === 'delete') await target.delete(partition, name, signal);
        else {
          const { newDn, changes } = wanted;
          await target.update(partition, { ...name, newDn, changes }, signal);
        }
      }
      return { wanted };
    } catch (error) {
      if (!(error instanceof ExportFailure)) throw error;
      return { wanted, failure: error };
    }
  }

  #record(outcomes: readonly Outcome[], { confirms }: ExportTarget, leftOver: Set<number>): void {
    for (const { wanted, failure } of outcomes) {
      const isTaken = failure === undefined || failure.notTaken !== undefined;
      if (confirms !== undefined && isTaken) {
        const rest = this.#confirm(wanted, confirms, failure);
        if (rest !== undefined) leftOver.add(rest);
      } else if (failure === undefined) this.#exports.setStage(wanted.id, 'exported');
      else this.#exports.fail(wanted.id, failure.word);
    }
  }

  /** Keeps what was taken as if an import had shown it; returns the export of what was not, which goes on waiting. */
  #confirm(
    wanted: PendingExport,
    anchorAttribute: string,
    failure: ExportFailure | undefined,
  ): number | undefined {
    this.#exports.remove(wanted.id);
    const object = wanted.operation === 'add' ? undefined : this.#space.find(wanted.connector);
    if (wanted.operation === 'delete') {
      if (object !== undefined) this.#space.remove(object);
      return undefined;
    }
    const rest = failure?.notTaken ?? [];
    const [taken, waiting] = [true, false].map((isTaken) =>
      Object.fromEntries(Object.entries(wanted.changes).filter(([name]) => rest.includes(name) !== isTaken)),
    ) as [Attributes, Attributes];
    const connector =
      wanted.operation === 'add' ? this.#make(wanted, anchorAttribute, taken) : wanted.connector;
    if (object !== undefined && wanted.operation === 'update') this.#change(object, wanted, taken);
    if (failure === undefined) return undefined;
    const { agent, partition } = wanted;
    this.#exports.stage({
      operation: 'update',
      agent,
      partition,
      connector,
      newDn: undefined,
      changes: waiting,
    });
    const staged = this.#exports.ofConnector(connector);
    if (staged !== undefined) this.#exports.fail(staged.id, failure.word);
    return staged?.id;
  }

  #make(
    { agent, partition, dn, objectClasses, person }: StagedAdd,
    anchorAttribute: string,
    attributes: Attributes,
  ): ConnectorId {
    const [anchor = dn] = valuesOf(attributes, anchorAttribute);
    const objectType = objectClasses.at(-1) ?? 'person';
    const foldedDn = foldDn(dn) ?? dn;
    const made = { agent, partition, anchor, dn, foldedDn, objectType, attributes };
    const [id = 0] = this.#space.addAll([made]);
    this.#space.setLink(id, { state: 'connector', person, link: 'provisioning' });
    return id;
  }

  #change(object: SpaceObject, { newDn }: StagedUpdate, changes: Attributes): void {
    const merged = Object.entries({ ...object.attributes, ...changes }).filter(
      ([, values]) => values.length > 0,
    );
    const dn = newDn ?? object.dn;
    const attributes = Object.fromEntries(merged);
    this.#space.replace(object.id, { ...object, dn, foldedDn: foldDn(dn) ?? dn, attributes }, 'update');
    this.#space.setPending(object.id, undefined);
  }

  #count({ statistics, fail }: ExportStep, { wanted, failure }: Outcome): void {
    if (failure !== undefined) {
      statistics.failures += 1;
      const connector = wanted.operation === 'add' ? undefined : wanted.connector;
      const object = connector === undefined ? undefined : this.#space.find(connector);
      const dn = wanted.operation === 'add' ? wanted.dn : (object?.dn ?? '');
      const { word, message: detail } = failure;
      fail({ word, agent: wanted.agent, dn, detail, ...(connector === undefined ? {} : { connector }) });
    } else if (wanted.operation === 'add') statistics.adds += 1;
    else if (wanted.operation === 'delete') statistics.deletes += 1;
    else if (wanted.newDn !== undefined) statistics.renames += 1;
    else statistics.updates += 1;
  }

  #checkDeletions({ agent, partition, settings }: ExportStep): void {
    const { deletionLimit } = settings;
    if (deletionLimit === undefined) return;
    const deletions = this.#exports.countDeletes(agent, partition.dn);
    if (deletions > deletionLimit)
      throw new ImportFailure(
        'stopped-deletion-limit',
        'cd-error',
        `The export would delete ${deletions} objects, the step's limit is ${deletionLimit}`,
        {
          fix: 'Check who left, then raise the limit of the run step if the deletions are meant.',
        },
      );
  }
}
