import type { Partition } from '#shared/model/agent.ts';
import type { AgentId, ConnectorId } from '#shared/model/change.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';
import { DnFolder } from '#shared/text/dn-folder.ts';

import { AnchorFilter } from './anchor-filter.ts';
import {
  type ConnectorSpace,
  type KnownObject,
  type SpaceObject,
  type StagedObject,
  valuesOf,
} from './connector-space.ts';
import { hasSame } from './export-differences.ts';
import type { Attributes, ImportedObject, ImportItem } from './import-source.ts';
import type { PendingExports } from './pending-exports.ts';
import type { ObjectError, RunErrorWord } from './run-error.ts';
import type { StagingStatistics } from './run-statistics.ts';
import { compileScope } from './scope.ts';

const longestAnchor = 2048;

/** Where staging counts and complains. */
export interface StagingReport {
  readonly statistics: StagingStatistics;
  readonly seen: (id: ConnectorId) => void;
  readonly fail: (error: ObjectError) => void;
  /** Told of what cannot be read and does not say whose it is. */
  readonly nameless: () => void;
}

export interface StagerParts {
  readonly space: ConnectorSpace;
  readonly exports: PendingExports;
  readonly agent: AgentId;
  readonly partition: Partition;
  /** Whether the agent has no object yet: what was not staged before is then known to be new without a look-up. */
  readonly isFirst?: boolean;
}

/** Writes what one partition's directory shows into the connector space; belongs inside a `Commit`. */
export class Stager {
  readonly #space: ConnectorSpace;
  readonly #exports: PendingExports;
  readonly #agent: AgentId;
  readonly #partition: string;
  readonly #inScope: (foldedDn: string) => boolean;
  readonly #names = new DnFolder();
  /** What a first import has shown. */
  #shown: AnchorFilter | undefined;
  #added = 0;

  constructor({ space, exports, agent, partition, isFirst = false }: StagerParts) {
    this.#space = space;
    this.#exports = exports;
    this.#agent = agent;
    this.#partition = partition.dn;
    this.#inScope = compileScope(partition);
    this.#shown = isFirst ? new AnchorFilter() : undefined;
  }

  stage(items: readonly ImportItem[], report: StagingReport): void {
    const shown = new Map<string, StagedObject>();
    // Asked once, for most imports have nothing to confirm.
    const confirms = !this.#exports.isEmpty;
    const flush = (): void => {
      this.#stageObjects([...shown.values()], confirms, report);
      shown.clear();
    };
    for (const item of items) {
      if (item.kind === 'object') {
        const object = this.#read(item.object, report, flush);
        if (object === undefined) continue;
        // The second record of one name is a change of the first.
        if (shown.has(object.anchor)) flush();
        shown.set(object.anchor, object);
        continue;
      }
      // What follows looks objects up.
      flush();
      if (item.kind === 'deleted') this.#stageDeletion(this.#find(item), report);
      else if (item.kind === 'present') this.#stagePresence(item.anchor, report);
      else this.#fail(item.word, item, item.detail, report);
    }
    flush();
  }

  /** Stages the deletion of an object that a complete import did not show. */
  stageAbsence(id: ConnectorId, report: StagingReport): void {
    this.#stageDeletion(this.#space.find(id), report);
  }

  /** The object as it is stored; undefined for one that has no place here. */
  #read(imported: ImportedObject, report: StagingReport, flush: () => void): StagedObject | undefined {
    const foldedDn = this.#names.fold(imported.dn);
    const flaw = findFlaw(imported, foldedDn);
    if (flaw !== undefined || foldedDn === undefined) {
      flush();
      const word = flaw ?? 'dn-not-ldap-conformant';
      this.#fail(word, imported, `"${imported.dn}" cannot be staged`, report);
      return undefined;
    }
    if (!this.#inScope(foldedDn)) {
      flush();
      const before = this.#space.findByAnchor(this.#agent, imported.anchor);
      if (before?.partition === this.#partition) this.#stageDeletion(before, report);
      else report.statistics.filtered += 1;
      return undefined;
    }
    const { anchor, dn, objectType } = imported;
    const attributes = orderAttributes(imported.attributes);
    return { anchor, dn, objectType, agent: this.#agent, partition: this.#partition, foldedDn, attributes };
  }

  #stageObjects(objects: readonly StagedObject[], confirms: boolean, report: StagingReport): void {
    if (objects.length === 0) return;
    const known = this.#space.recall(this.#agent, this.#askedOf(objects));
    const added: StagedObject[] = [];
    for (const object of objects) {
      const before = known.get(object.anchor);
      if (before === undefined) added.push(object);
      else this.#change(before, object, confirms, report);
    }
    this.#add(added, confirms, report);
  }

  /** Those that may have been staged before. */
  #askedOf(objects: readonly StagedObject[]): readonly StagedObject[] {
    // A single import beside this one may have added an object, too.
    if (this.#shown !== undefined && this.#space.count(this.#agent) !== this.#added) this.#shown = undefined;
    const shown = this.#shown;
    return shown === undefined ? objects : objects.filter(({ anchor }) => shown.add(anchor));
  }

  /** After all of a directory was shown: what it took and does not show is added again. */
  missAdds(report: StagingReport): void {
    for (const add of this.#exports.addsSent(this.#agent, this.#partition)) {
      if (add.operation !== 'add') continue;
      this.#sendAgain(add.id, { dn: add.dn, detail: `${add.dn} was added, and is not there` }, report);
    }
  }

  #add(objects: readonly StagedObject[], confirms: boolean, report: StagingReport): void {
    const ids = this.#space.addAll(objects);
    this.#added += objects.length;
    report.statistics.adds += objects.length;
    for (const [index, id] of ids.entries()) {
      report.seen(id);
      if (confirms) this.#confirmAdd(id, objects[index]?.foldedDn ?? '');
    }
  }

  /** Stages what is new of an object that was imported before. */
  #change(before: KnownObject, object: StagedObject, confirms: boolean, report: StagingReport): void {
    const { statistics } = report;
    report.seen(before.id);
    if (confirms) this.#confirmUpdate(before.id, object, report);
    const isRenamed = before.dn !== object.dn || before.partition !== this.#partition;
    if (!isRenamed && before.pending !== 'delete' && before.isSame) {
      statistics.unchanged += 1;
      return;
    }
    this.#space.replace(before.id, object, before.pending === 'add' ? 'add' : 'update');
    if (isRenamed) statistics.renames += 1;
    else statistics.updates += 1;
  }

  /** An object that provisioning made belongs to the person that it was made for, whatever the join rules say. */
  #confirmAdd(connector: ConnectorId, foldedDn: string): void {
    const added = this.#exports.addNamed(this.#agent, foldedDn);
    if (added?.operation !== 'add') {
      this.#confirmRename(connector, foldedDn);
      return;
    }
    this.#exports.remove(added.id);
    this.#space.setLink(connector, { state: 'connector', person: added.person, link: 'provisioning' });
    this.#space.setPending(connector, 'add');
  }

  /** Where the anchor is in the name, an object that an export renamed comes back as another one. */
  #confirmRename(connector: ConnectorId, foldedDn: string): void {
    const renamed = this.#exports.renameSent(this.#agent, foldedDn);
    const former = renamed === undefined ? undefined : this.#space.find(renamed.connector);
    if (renamed === undefined || former?.person === undefined || former.link === undefined) return;
    const { person, link } = former;
    this.#exports.remove(renamed.id);
    this.#space.setLink(former.id, { state: 'disconnector' });
    this.#space.setLink(connector, { state: 'connector', person, link });
    this.#space.setPending(connector, 'add');
  }

  /** Forgets an export that the directory now shows; what it does not show is sent again. */
  #confirmUpdate(connector: ConnectorId, now: StagedObject, report: StagingReport): void {
    const sent = this.#exports.ofConnector(connector);
    if (sent === undefined || sent.stage !== 'exported') return;
    const { dn } = now;
    if (sent.operation !== 'update') {
      this.#sendAgain(sent.id, { dn, connector, detail: `${dn} was deleted, and is still there` }, report);
      return;
    }
    const missing = Object.entries(sent.changes)
      .filter(([name, values]) => !hasSame(valuesOf(now.attributes, name), values))
      .map(([name]) => name);
    if (missing.length === 0 && (sent.newDn === undefined || foldDn(sent.newDn) === now.foldedDn)) {
      this.#exports.remove(sent.id);
      return;
    }
    const detail = `${dn} was written, and does not show it: ${missing.join(', ') || 'its name'}`;
    this.#sendAgain(sent.id, { dn, connector, detail }, report);
  }

  #sendAgain(id: number, error: Omit<ObjectError, 'word' | 'agent'>, report: StagingReport): void {
    const word = 'exported-change-not-reimported';
    this.#exports.setStage(id, 'pending');
    this.#exports.fail(id, word);
    report.fail({ ...error, word, agent: this.#agent });
  }

  #stagePresence(anchor: string, report: StagingReport): void {
    const object = this.#space.findByAnchor(this.#agent, anchor);
    if (object === undefined) return;
    report.seen(object.id);
    report.statistics.unchanged += 1;
  }

  #stageDeletion(object: SpaceObject | undefined, { statistics }: StagingReport): void {
    if (object === undefined || object.pending === 'delete') return;
    this.#space.setPending(object.id, 'delete');
    statistics.deletes += 1;
  }

  /** What cannot be read is not gone: an attribute that the account may no longer see must delete nobody. */
  #fail(
    word: RunErrorWord,
    { dn, anchor }: { readonly dn: string; readonly anchor?: string },
    detail: string,
    report: StagingReport,
  ): void {
    for (const object of [this.#find({ dn }), this.#find({ anchor: anchor ?? '' })])
      if (object !== undefined) report.seen(object.id);
    if (dn === '' && (anchor ?? '') === '') report.nameless();
    report.statistics.failures += 1;
    report.fail({ word, agent: this.#agent, dn, detail });
  }

  /** What has moved to another partition meanwhile is that partition's. */
  #find({ anchor, dn }: { readonly anchor?: string; readonly dn?: string }): SpaceObject | undefined {
    const object =
      anchor !== undefined
        ? this.#space.findByAnchor(this.#agent, anchor)
        : this.#space.findByDn(this.#agent, dn ?? '');
    return object?.partition === this.#partition ? object : undefined;
  }
}

function findFlaw(object: ImportedObject, foldedDn: string | undefined): RunErrorWord | undefined {
  if (object.dn === '') return 'missing-dn';
  if (foldedDn === undefined) return 'dn-not-ldap-conformant';
  if (object.anchor === '') return 'missing-anchor-component';
  return object.anchor.length > longestAnchor ? 'anchor-too-long' : undefined;
}

/** One order of names and values, so that what a server shuffles does not look like a change. */
function orderAttributes(attributes: Attributes): Attributes {
  if (isOrdered(attributes)) return attributes;
  const ordered: Record<string, readonly string[]> = {};
  for (const name of Object.keys(attributes).sort()) {
    const values = attributes[name] ?? [];
    if (values.length > 0) ordered[name] = orderValues(values);
  }
  return ordered;
}

/** Whether there is nothing to order, as most sources see to. */
function isOrdered(attributes: Attributes): boolean {
  let before = '';
  for (const name in attributes) {
    if (name < before || attributes[name]?.length !== 1) return false;
    before = name;
  }
  return true;
}

function orderValues(values: readonly string[]): readonly string[] {
  return values.length < 2 ? values : [...values].sort();
}
