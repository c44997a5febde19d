import { elementAt, elementsOf, textAt, type XmlElement } from '../xml/xml-document.ts';
import { mapExportFlows, mapImportFlows } from './map-flows.ts';
import type { MappingNotes } from './mapping-note.ts';

type Fields = Record<string, unknown>;

export interface RuleContext {
  readonly metaverse: XmlElement | undefined;
  /** Object types that a rule speaks of: rules hold for every object here, which is the same where there is one. */
  readonly ruled: ReadonlySet<string>;
}

const operators: Readonly<Record<string, string>> = {
  equality: 'equals',
  inequality: 'does-not-equal',
  'substring-start': 'starts-with',
  'not-substring-start': 'does-not-start-with',
  'substring-end': 'ends-with',
  'not-substring-end': 'does-not-end-with',
  'substring-any': 'contains',
  'not-substring-any': 'does-not-contain',
  present: 'is-present',
  'not-present': 'is-not-present',
};

/** Join, projection, connector filter and attribute flows of an agent, in the words of our rules. */
export function mapRules(
  id: string,
  data: XmlElement,
  { metaverse, ruled }: RuleContext,
  notes: MappingNotes,
): Fields {
  const profiles = elementsOf(elementAt(data, 'join'), 'join-profile').length;
  if (profiles > 1)
    notes.approximated('Join rules', `those of ${profiles} object types are tried for every object`);
  return {
    join: mapJoins(data, notes),
    project: mapProjection(data, ruled, notes),
    filter: mapFilters(data, ruled, notes),
    flow: mapImportFlows(id, metaverse, notes),
    exportFlow: mapExportFlows(data, notes),
    deprovision: mapDeprovisioning(data, notes),
  };
}

function mapJoins(data: XmlElement, notes: MappingNotes): Fields[] {
  return elementsOf(elementAt(data, 'join'), 'join-profile').flatMap((profile) => {
    const type = profile.attributes.get('cd-object-type') ?? '';
    return elementsOf(profile, 'join-criterion').flatMap((criterion, index) => {
      const setting = `Join rule ${index + 1} of ${type}`;
      const given = elementsOf(elementAt(criterion, 'search'), 'attribute-mapping');
      const mappings = given.map((mapping) => ({
        connector: textAt(mapping, 'direct-mapping/src-attribute'),
        person: mapping.attributes.get('mv-attribute') ?? '',
      }));
      const isIntrinsic = given.some(
        (mapping) =>
          mapping.attributes.get('intrinsic-attribute') === 'true' ||
          elementAt(mapping, 'direct-mapping/src-attribute')?.attributes.get('intrinsic') === 'true',
      );
      const words = mappings.map(({ connector, person }) => `${connector} → ${person}`).join(', ');
      if (isIntrinsic) {
        notes.kept(setting, `${words}: it compares names or numbers of objects, not attributes`);
        return [];
      }
      if (
        mappings.length === 0 ||
        mappings.length > 8 ||
        mappings.some(({ connector, person }) => connector === '' || person === '')
      ) {
        notes.kept(setting, 'it compares by a rules extension');
        return [];
      }
      const resolution = elementAt(criterion, 'resolution')?.attributes.get('type') ?? 'none';
      if (resolution === 'none') notes.taken(setting, words);
      else
        notes.approximated(
          setting,
          `${words}; more than one match is an error here, a rules extension chose there`,
        );
      return [{ mappings }];
    });
  });
}

function mapProjection(data: XmlElement, ruled: ReadonlySet<string>, notes: MappingNotes): boolean {
  const mappings = elementsOf(elementAt(data, 'projection'), 'class-mapping');
  for (const mapping of mappings) {
    const setting = `Projection of ${mapping.attributes.get('cd-object-type') ?? ''}`;
    const type = mapping.attributes.get('type');
    if (type === 'declared' && ruled.size <= 1)
      notes.taken(setting, 'an object that joined none becomes a person');
    else if (type === 'declared')
      notes.approximated(setting, 'every object that joined none becomes a person');
    else notes.kept(setting, `it is ${type ?? 'of no type'} and needs a rules extension`);
  }
  return mappings.some((mapping) => mapping.attributes.get('type') === 'declared');
}

function mapFilters(data: XmlElement, ruled: ReadonlySet<string>, notes: MappingNotes): Fields[] {
  return elementsOf(elementAt(data, 'stay-disconnector'), 'filter-set').flatMap((set) => {
    const type = set.attributes.get('cd-object-type') ?? '';
    if (set.attributes.get('type') === 'scripted')
      notes.kept(`Connector filter of ${type}`, 'a rules extension decides it');
    return elementsOf(set, 'filter-alternative').flatMap((alternative, index) => {
      const setting = `Connector filter ${index + 1} of ${type}`;
      const conditions = elementsOf(alternative, 'condition').map((condition) => {
        const operator = operators[condition.attributes.get('operator') ?? ''];
        const present = operator?.endsWith('present') === true;
        return {
          attribute: condition.attributes.get('cd-attribute') ?? '',
          operator,
          ...(present ? {} : { value: textAt(condition, 'value') }),
        };
      });
      if (
        conditions.length === 0 ||
        conditions.some(
          ({ operator, attribute }) =>
            operator === undefined || attribute === '' || attribute.startsWith('<'),
        )
      ) {
        notes.kept(setting, 'it has a condition that has no counterpart');
        return [];
      }
      const count = `${conditions.length} ${conditions.length === 1 ? 'condition' : 'conditions'}`;
      if (ruled.size <= 1) notes.taken(setting, count);
      else notes.approximated(setting, `${count}, for objects of every type`);
      return [{ conditions }];
    });
  });
}

function mapDeprovisioning(data: XmlElement, notes: MappingNotes): string {
  const rule = elementAt(data, 'provisioning-cleanup');
  const action = textAt(rule, 'action');
  const words: Readonly<Record<string, string>> = {
    'make-normal-disconnector': 'disconnector',
    'make-explicit-disconnector': 'explicit-disconnector',
    'delete-object': 'delete',
  };
  const found = words[action];
  if (found !== undefined) notes.taken('Deprovisioning', found);
  else if (rule?.attributes.get('type') === 'scripted')
    notes.kept('Deprovisioning', 'a rules extension decides it; objects become disconnectors here');
  else if (action !== '') notes.kept('Deprovisioning', `"${action}" has no counterpart`);
  return found ?? 'disconnector';
}
