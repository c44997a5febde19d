import type { ImportedObject, ImportItem } from '#identity/import-source.ts';
import type { FileAgent, Partition } from '#shared/model/agent.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';
import { nameRecord } from '#shared/text/record-name.ts';

import { importedNames } from '../imported-names.ts';
import { objectTypeOf } from '../object-type-of.ts';
import { joinAnchor } from '../record/record-anchor.ts';
import { AttributeValueParser } from './attribute-value-parser.ts';
import { DelimitedParser } from './delimited-parser.ts';
import { describePlace } from './describe-place.ts';
import { DsmlParser } from './dsml-parser.ts';
import type { BadRecord, FileItem, FileParser, FileRecord } from './file-record.ts';
import { FixedWidthParser } from './fixed-width-parser.ts';
import { LdifParser } from './ldif-parser.ts';

const changesOfWhole = new Set<FileRecord['change']>(['content', 'add']);

/** What a file's kind makes of its text. */
export interface FileReader {
  createParser(): FileParser;
  /** What staging takes of a record. */
  toItem(item: FileItem, isDelta: boolean): ImportItem;
}

export function createFileReader(agent: FileAgent, partition: Partition): FileReader {
  const toObject = objectMaker(agent, partition);
  const unreadable = (record: BadRecord) => unreadableIn(agent.connection.path, record);
  return {
    createParser: () => parserOf(agent),
    toItem: (item, isDelta) => {
      if (item.kind === 'bad') return unreadable(item);
      const { change, dn } = item;
      if (change === 'delete' && isDelta && dn !== undefined) return { kind: 'deleted', dn };
      if (!changesOfWhole.has(change)) {
        const word = 'need-full-object';
        const detail = isDelta
          ? 'The change does not show the whole object'
          : 'A full import takes whole objects, no changes';
        return unreadable({ ...item, kind: 'bad', word, detail });
      }
      const object = toObject(item);
      return 'kind' in object ? unreadable(object) : { kind: 'object', object };
    },
  };
}

function parserOf(agent: FileAgent): FileParser {
  switch (agent.kind) {
    case 'delimited':
      return new DelimitedParser(agent.layout);
    case 'fixed-width':
      return new FixedWidthParser(agent.layout);
    case 'attribute-value':
      return new AttributeValueParser();
    case 'ldif':
      return new LdifParser(agent.connection.urlFolder);
    case 'dsml':
      return new DsmlParser(agent.connection.urlFolder);
  }
}

function objectMaker(
  agent: FileAgent,
  partition: Partition,
): (record: FileRecord) => ImportedObject | BadRecord {
  const wanted = [...importedNames(agent)];
  const pick = (values: FileRecord['values']) => {
    const attributes: Record<string, readonly string[]> = {};
    for (const [folded, name] of wanted) {
      const found = values.get(folded);
      if (found !== undefined) attributes[name] = found;
    }
    return attributes;
  };
  if (agent.kind === 'ldif' || agent.kind === 'dsml') {
    const anchorAttribute = agent.anchorAttribute?.toLowerCase();
    return (record) => {
      const { values, dn = '', folded = foldDn(dn) } = record;
      const anchor = anchorAttribute === undefined ? folded : values.get(anchorAttribute)?.[0];
      if (anchor === undefined || anchor === '') return withoutAnchor(record, agent.anchorAttribute ?? 'dn');
      return {
        anchor,
        dn,
        objectType: objectTypeOf(values.get('objectclass') ?? []),
        attributes: pick(values),
      };
    };
  }
  const columns = agent.anchor.map((name) => name.toLowerCase());
  const typeColumn = agent.objectTypeColumn?.toLowerCase();
  return (record) => {
    const { values } = record;
    const parts: string[] = [];
    for (const [index, column] of columns.entries()) {
      const found = values.get(column);
      if (found?.[0] === undefined) return withoutAnchor(record, agent.anchor[index] ?? column);
      parts.push(found[0]);
    }
    const anchor = joinAnchor(parts);
    const type = typeColumn === undefined ? undefined : values.get(typeColumn)?.[0];
    return {
      anchor,
      dn: nameRecord(anchor, partition.dn),
      objectType: type ?? agent.objectType,
      attributes: pick(values),
    };
  };
}

function withoutAnchor({ place, dn }: FileRecord, name: string): BadRecord {
  const word = 'missing-anchor-component';
  const detail = `The record has no value for "${name}"`;
  return { kind: 'bad', place, word, detail, ...(dn !== undefined && { dn }) };
}

function unreadableIn(path: string, { place, word, detail, dn = '' }: BadRecord): ImportItem {
  return { kind: 'unreadable', word, dn, detail: `${describePlace(path, place)}: ${detail}` };
}
