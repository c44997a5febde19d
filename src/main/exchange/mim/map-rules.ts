import { elementAt, elementsOf, isElement, textAt, type XmlElement } from '../xml/xml-document.ts';
import type { MappingNotes } from './mapping-note.ts';
import { bareGuid } from './read-mim-server.ts';

type Fields = Record<string, unknown>;

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
  metaverse: XmlElement | undefined,
  notes: MappingNotes,
): Fields {
  return {
    join: mapJoins(data, notes),
    project: mapProjection(data, notes),
    filter: mapFilters(data, notes),
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
      const mappings = elementsOf(elementAt(criterion, 'search'), 'attribute-mapping').map((mapping) => ({
        connector: textAt(mapping, 'direct-mapping/src-attribute'),
        person: mapping.attributes.get('mv-attribute') ?? '',
      }));
      const words = mappings.map(({ connector, person }) => `${connector} → ${person}`).join(', ');
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

function mapProjection(data: XmlElement, notes: MappingNotes): boolean {
  const mappings = elementsOf(elementAt(data, 'projection'), 'class-mapping');
  for (const mapping of mappings) {
    const setting = `Projection of ${mapping.attributes.get('cd-object-type') ?? ''}`;
    const type = mapping.attributes.get('type');
    if (type === 'declared') notes.approximated(setting, 'every object that joined none becomes a person');
    else notes.kept(setting, `it is ${type ?? 'of no type'} and needs a rules extension`);
  }
  return mappings.some((mapping) => mapping.attributes.get('type') === 'declared');
}

function mapFilters(data: XmlElement, notes: MappingNotes): Fields[] {
  return elementsOf(elementAt(data, 'stay-disconnector'), 'filter-set').flatMap((set) => {
    const type = set.attributes.get('cd-object-type') ?? '';
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
      notes.approximated(setting, `${conditions.length} conditions, for objects of every type`);
      return [{ conditions }];
    });
  });
}

function mapImportFlows(id: string, metaverse: XmlElement | undefined, notes: MappingNotes): Fields[] {
  const sets = elementsOf(elementAt(metaverse, 'import-attribute-flow'), 'import-flow-set');
  return sets.flatMap((set) =>
    elementsOf(set, 'import-flows').flatMap((flows) => {
      const person = flows.attributes.get('mv-attribute') ?? '';
      return elementsOf(flows, 'import-flow')
        .filter((flow) => bareGuid(flow.attributes.get('src-ma') ?? '') === id)
        .flatMap((flow) => {
          const setting = `Import flow to ${person}`;
          const connector =
            textAt(flow, 'direct-mapping/src-attribute') ||
            directSource(elementAt(flow, 'sync-rule-mapping'));
          if (connector === '' || person === '') {
            notes.kept(setting, 'it is no direct flow of one attribute');
            return [];
          }
          notes.taken(setting, `from ${connector}`);
          return [{ connector, person }];
        });
    }),
  );
}

/** A constant for one of these is a first password, which no rule holds here. */
const secretAttribute = /pwd|passw/i;

/** The attribute that a synchronization rule of the portal passes on as it is; empty where it does more. */
function directSource(rule: XmlElement | undefined): string {
  return rule?.attributes.get('mapping-type') === 'direct' ? textAt(rule, 'src-attribute') : '';
}

function mapExportFlows(data: XmlElement, notes: MappingNotes): Fields[] {
  return elementsOf(elementAt(data, 'export-attribute-flow'), 'export-flow-set').flatMap((set) =>
    elementsOf(set, 'export-flow').flatMap((flow): Fields[] => {
      const connector = flow.attributes.get('cd-attribute') ?? '';
      const rule = elementAt(flow, 'sync-rule-mapping');
      const person = textAt(flow, 'direct-mapping/src-attribute') || directSource(rule);
      const setting = `Export flow to ${connector}`;
      const initialOnly = rule?.attributes.get('initial-flow-only') === 'true';
      if (rule?.attributes.get('mapping-type') === 'constant' && !secretAttribute.test(connector)) {
        const value = textAt(rule, 'sync-rule-value');
        notes.taken(setting, `always "${value}"`);
        return [{ connector, expression: JSON.stringify(value), initialOnly }];
      }
      if (connector === '' || person === '' || person.startsWith('<')) {
        const kind = flow.children.find(isElement)?.name ?? 'nothing';
        const why = secretAttribute.test(connector)
          ? 'a first password is no flow here'
          : `it is a ${kind}, no direct flow of one attribute`;
        notes.kept(setting, why);
        return [];
      }
      notes.taken(setting, `from ${person}`);
      return [
        { connector, person, allowNull: flow.attributes.get('suppress-deletions') === 'false', initialOnly },
      ];
    }),
  );
}

function mapDeprovisioning(data: XmlElement, notes: MappingNotes): string {
  const action = textAt(data, 'provisioning-cleanup/action');
  const words: Readonly<Record<string, string>> = {
    'make-normal-disconnector': 'disconnector',
    'make-explicit-disconnector': 'explicit-disconnector',
    'delete-object': 'delete',
  };
  const found = words[action];
  if (found !== undefined) notes.taken('Deprovisioning', found);
  else if (action !== '') notes.kept('Deprovisioning', `"${action}" has no counterpart`);
  return found ?? 'disconnector';
}
