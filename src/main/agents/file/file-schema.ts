import type { FoundAttribute, FoundSchema } from '#identity/schema-source.ts';
import type { FileAgent } from '#shared/model/agent.ts';

import { RecordSchema } from '../record/record-schema.ts';
import type { FileImport } from './file-import.ts';

/** Records that are looked at for their attributes and types. */
const mostRecords = 1000;

/** What a file holds, by its header or layout and by its first records. */
export class FileSchema extends RecordSchema<FileAgent> {
  readonly #file: FileImport;

  constructor(agent: FileAgent, file: FileImport) {
    super(agent);
    this.#file = file;
  }

  override async readSchema(_: readonly string[], signal: AbortSignal): Promise<FoundSchema> {
    const agent = this.agent;
    const names = new Map<string, { readonly name: string; multivalued: boolean }>();
    const types = new Set<string>();
    const enter = (name: string, multivalued: boolean): void => {
      const known = names.get(name.toLowerCase());
      if (known === undefined) names.set(name.toLowerCase(), { name, multivalued });
      else known.multivalued ||= multivalued;
    };
    if (agent.kind === 'fixed-width') for (const { name } of agent.layout.columns) enter(name, false);
    if (agent.kind === 'delimited') {
      for (const name of agent.layout.columns) enter(name, false);
      for (const { column } of agent.layout.multivalue) enter(column, true);
    }
    const typeColumn = 'objectTypeColumn' in agent ? agent.objectTypeColumn : 'objectClass';
    const { columns, records } = await this.#file.readRecords(mostRecords, signal);
    for (const name of columns) enter(name, false);
    for (const values of records)
      for (const [name, found] of values) {
        enter(name, found.length > 1);
        const last = found.at(-1);
        if (name === typeColumn?.toLowerCase() && last !== undefined) types.add(last);
      }
    if (types.size === 0) types.add('objectType' in agent ? agent.objectType : 'person');
    return {
      objectTypes: [...types].sort(),
      attributes: [...names.values()].map((found) => this.#toAttribute(found)),
      tables: [],
      note: `By the first ${mostRecords} records of the file`,
    };
  }

  #toAttribute({
    name,
    multivalued,
  }: {
    readonly name: string;
    readonly multivalued: boolean;
  }): FoundAttribute {
    const agent = this.agent;
    const anchors = 'anchor' in agent ? agent.anchor : [agent.anchorAttribute ?? 'dn'];
    const anchor = anchors.some((one) => one.toLowerCase() === name.toLowerCase());
    return { name, multivalued, required: anchor, anchor, binary: false };
  }
}
