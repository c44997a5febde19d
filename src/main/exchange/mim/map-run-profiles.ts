import { elementAt, elementsOf, isElement, textAt, type XmlElement } from '../xml/xml-document.ts';
import { partitionsOf } from './map-partitions.ts';
import type { MappingNotes } from './mapping-note.ts';
import { isNamingContext } from './partition-name.ts';

type Fields = Record<string, unknown>;

/** Step types by type and subtype. */
const steps: Readonly<Record<string, string>> = {
  'full-import/to-cs': 'full-import-stage-only',
  'delta-import/to-cs': 'delta-import-stage-only',
  'full-import/': 'full-import-delta-sync',
  'delta-import/': 'delta-import-delta-sync',
  'full-import-reevaluate-rules/': 'full-import-full-sync',
  'apply-rules/apply-pending': 'delta-sync',
  'apply-rules/reevaluate-flow-connectors': 'full-sync',
  'export/': 'export',
};

export function mapRunProfiles(data: XmlElement, notes: MappingNotes): Fields[] {
  const names = new Map(partitionsOf(data).map((partition) => [textAt(partition, 'id'), partition]));
  return elementsOf(elementAt(data, 'ma-run-data'), 'run-configuration').flatMap((profile) => {
    const name = textAt(profile, 'name');
    const setting = `Run profile ${name}`;
    const given = elementsOf(elementAt(profile, 'configuration'), 'step');
    const known = given.flatMap((step): Fields[] => {
      const kind = elementAt(step, 'step-type');
      const subtype = textAt(kind, 'import-subtype') || textAt(kind, 'apply-rules-subtype');
      const type = steps[`${kind?.attributes.get('type') ?? ''}/${subtype}`];
      const partition = names.get(textAt(step, 'partition'));
      if (type === undefined || (partition !== undefined && textAt(partition, 'selected') !== '1')) return [];
      const dn = textAt(partition, 'name');
      return [{ type, ...(isNamingContext(dn) ? { partition: dn } : {}), ...limitsOf(step) }];
    });
    if (known.length === 0 || name.length > 64) {
      notes.kept(setting, 'it has no step that there is here');
      return [];
    }
    const words = known.map((step) => String(step['type'])).join(', ');
    if (known.length === given.length) notes.taken(setting, `${words}${limitWords(known)}`);
    else notes.approximated(setting, `${words}; ${given.length - known.length} other steps were left out`);
    return [{ name, steps: known }];
  });
}

/** Threshold and size of one page. Identity Manager counts an export's batch, which is not needed here. */
function limitsOf(step: XmlElement): Fields {
  const data = elementAt(step, 'custom-data')?.children.find(isElement);
  return {
    ...count('objectLimit', textAt(step, 'threshold/object')),
    ...count('deletionLimit', textAt(step, 'threshold/delete')),
    ...count('pageSize', textAt(data, 'page-size'), 10_000),
    ...count('timeout', textAt(data, 'time-limit'), 3600),
  };
}

function count(name: string, text: string, most = Number.MAX_SAFE_INTEGER): Fields {
  const value = Number(text);
  return /^\d{1,9}$/.test(text) && value >= 1 && value <= most ? { [name]: value } : {};
}

function limitWords(steps: readonly Fields[]): string {
  const words = steps.flatMap(({ objectLimit, deletionLimit }) => [
    ...(objectLimit === undefined ? [] : [`at most ${objectLimit} objects`]),
    ...(deletionLimit === undefined ? [] : [`at most ${deletionLimit} deletions`]),
  ]);
  return words.length === 0 ? '' : `; ${[...new Set(words)].join(', ')}`;
}
