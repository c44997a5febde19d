import type { ExportedName, ExportTarget, NewObject, ObjectChange } from '#identity/export-target.ts';
import type { Attributes } from '#identity/import-source.ts';
import type { Partition } from '#shared/model/agent.ts';

import { anchorOfName, splitAnchor } from '../record/record-anchor.ts';
import { ExportFile } from './export-file.ts';
import { type RecordChange, type RecordFileAgent, recordWriterOf } from './record-writer.ts';

/**
 * Writes records to the end of a file, each with a column that says `add`, `modify` or `delete`. A record that is
 * added or modified shows the whole object, as far as the agent's rules know it; one with a new name is deleted and
 * added.
 */
export class RecordExport implements ExportTarget {
  readonly #agent: RecordFileAgent;
  readonly #write: (change: RecordChange, values: Attributes) => string;
  readonly #file: ExportFile;

  constructor(agent: RecordFileAgent, path: string) {
    const { header, isHeaderFixed, write } = recordWriterOf(agent);
    this.#agent = agent;
    this.#write = write;
    this.#file = new ExportFile(path, agent.connection.encoding, { header, isHeaderFixed });
  }

  async add(partition: Partition, object: NewObject, signal: AbortSignal): Promise<void> {
    const { dn, objectClasses, attributes } = object;
    const parts = anchorOfName(dn, partition.dn, this.#agent.anchor);
    const values = this.#whole(parts, objectClasses.at(-1), attributes);
    await this.#file.append(dn, this.#write('add', values), signal);
  }

  async update(partition: Partition, object: ObjectChange, signal: AbortSignal): Promise<void> {
    const { dn, anchor, objectType, newDn, attributes, changes } = object;
    const parts = splitAnchor(anchor, this.#agent.anchor.length);
    const named = newDn === undefined ? parts : anchorOfName(newDn, partition.dn, this.#agent.anchor);
    const values = this.#whole(named, objectType, attributes, changes);
    const text =
      newDn === undefined
        ? this.#write('modify', values)
        : this.#write('delete', this.#whole(parts, objectType)) + this.#write('add', values);
    await this.#file.append(dn, text, signal);
  }

  async delete(_: Partition, object: ExportedName, signal: AbortSignal): Promise<void> {
    const { dn, anchor, objectType } = object;
    const parts = splitAnchor(anchor, this.#agent.anchor.length);
    await this.#file.append(dn, this.#write('delete', this.#whole(parts, objectType)), signal);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** Every column's values, the later of two spellings of a name. */
  #whole(
    anchor: readonly string[],
    objectType: string | undefined,
    ...layers: readonly Attributes[]
  ): Attributes {
    const { anchor: columns, objectTypeColumn } = this.#agent;
    const values = new Map<string, readonly [string, readonly string[]]>();
    const enter = (name: string, found: readonly string[]) => values.set(name.toLowerCase(), [name, found]);
    for (const layer of layers) for (const [name, found] of Object.entries(layer)) enter(name, found);
    for (const [index, column] of columns.entries()) enter(column, [anchor[index] ?? '']);
    if (objectTypeColumn !== undefined && objectType !== undefined) enter(objectTypeColumn, [objectType]);
    return Object.fromEntries([...values.values()].filter(([, found]) => found.length > 0));
  }
}
