import { elementAt, elementsOf, isElement, textAt, type XmlElement } from '../xml/xml-document.ts';
import type { MappingNotes } from './mapping-note.ts';
import { bareGuid } from './read-mim-server.ts';
import { syncRuleExpression } from './sync-rule-expression.ts';

type Fields = Record<string, unknown>;

/** A constant for one of these is a first password, which no rule holds here. */
const secretAttribute = /pwd|passw/i;

/** Import attribute flow of one agent, with the order in which agents come first among them left to the metaverse. */
export function mapImportFlows(
  id: string,
  metaverse: XmlElement | undefined,
  notes: MappingNotes,
): readonly Fields[] {
  const sets = elementsOf(elementAt(metaverse, 'import-attribute-flow'), 'import-flow-set');
  const flows = sets.flatMap((set) =>
    elementsOf(set, 'import-flows').flatMap((group) => {
      const person = group.attributes.get('mv-attribute') ?? '';
      return elementsOf(group, 'import-flow')
        .filter((flow) => bareGuid(flow.attributes.get('src-ma') ?? '') === id)
        .flatMap((flow): Fields[] => {
          const setting = `Import flow to ${person}`;
          const source = sourceOf(flow);
          if (person === '' || 'why' in source) {
            notes.kept(setting, 'why' in source ? source.why : 'it names no attribute');
            return [];
          }
          if ('attribute' in source) {
            notes.taken(setting, `from ${source.attribute}`);
            return [{ connector: source.attribute, person }];
          }
          note(notes, setting, source);
          return [{ expression: source.expression, person }];
        });
    }),
  );
  return unlike(flows);
}

/** Export attribute flow of one agent. */
export function mapExportFlows(data: XmlElement, notes: MappingNotes): readonly Fields[] {
  const flows = elementsOf(elementAt(data, 'export-attribute-flow'), 'export-flow-set').flatMap((set) =>
    elementsOf(set, 'export-flow').flatMap((flow): Fields[] => {
      const connector = flow.attributes.get('cd-attribute') ?? '';
      const setting = `Export flow to ${connector}`;
      const source = sourceOf(flow);
      if (connector.toLowerCase() === 'dn') {
        const text = 'expression' in source ? ` it was ${source.expression}` : '';
        notes.kept(
          setting,
          `new objects are named by the rule of provisioning here;${text}`.replace(/;$/, ''),
        );
        return [];
      }
      const isFirstPassword =
        secretAttribute.test(connector) && !('attribute' in source) && flow.children.some(isElement);
      if (connector === '' || isFirstPassword || 'why' in source) {
        const why = isFirstPassword ? 'a first password is no flow here' : 'it names no attribute';
        notes.kept(setting, 'why' in source && !isFirstPassword ? source.why : why);
        return [];
      }
      const rule = elementAt(flow, 'sync-rule-mapping');
      const initialOnly = rule?.attributes.get('initial-flow-only') === 'true';
      if ('attribute' in source) {
        notes.taken(setting, `from ${source.attribute}`);
        const allowNull = flow.attributes.get('suppress-deletions') === 'false';
        return [{ connector, person: source.attribute, allowNull, initialOnly }];
      }
      note(notes, setting, source);
      return [{ connector, expression: source.expression, initialOnly }];
    }),
  );
  return unlike(flows);
}

type Source =
  | { readonly attribute: string }
  | { readonly expression: string; readonly exact: boolean }
  | { readonly why: string };

/** Where a flow takes its value from: an attribute, an expression, or nothing that there is here. */
function sourceOf(flow: XmlElement): Source {
  const direct = elementAt(flow, 'direct-mapping/src-attribute');
  const rule = elementAt(flow, 'sync-rule-mapping');
  const constant = elementAt(flow, 'constant-mapping/constant-value');
  const part = textAt(flow, 'dn-part-mapping/dn-part');
  if (direct !== undefined) return attributeSource(direct);
  if (constant !== undefined) return { expression: JSON.stringify(textAt(constant)), exact: true };
  if (/^[1-9]\d?$/.test(part))
    return { expression: `dn.split(",")[${Number(part) - 1}].split("=")[1]`, exact: false };
  if (rule !== undefined) {
    const kind = rule.attributes.get('mapping-type') ?? '';
    if (kind === 'direct') return attributeSource(elementAt(rule, 'src-attribute'));
    if (kind === 'constant')
      return { expression: JSON.stringify(textAt(rule, 'sync-rule-value')), exact: true };
    const expression = syncRuleExpression(rule);
    if (expression !== undefined && expression.length <= 2000) return { expression, exact: false };
    return { why: `its ${kind || 'rule'} has a function that there is not here` };
  }
  const script = textAt(flow, 'scripted-mapping/script-context');
  if (elementAt(flow, 'scripted-mapping') !== undefined)
    return { why: `a rules extension computes it${script === '' ? '' : ` (${script})`}` };
  return { why: `it is a ${flow.children.find(isElement)?.name ?? 'flow of nothing'}` };
}

function attributeSource(element: XmlElement | undefined): Source {
  const attribute = textAt(element);
  const isIntrinsic = element?.attributes.get('intrinsic') === 'true' || /^<.*>$/.test(attribute);
  if (!isIntrinsic) return attribute === '' ? { why: 'it names no attribute' } : { attribute };
  if (/^<?dn>?$/i.test(attribute)) return { expression: 'dn', exact: true };
  if (/^<?object-?type>?$/i.test(attribute)) return { expression: 'objectType', exact: true };
  return { why: `${attribute} is no attribute here` };
}

function note(
  notes: MappingNotes,
  setting: string,
  { expression, exact }: { readonly expression: string; readonly exact: boolean },
): void {
  if (exact) notes.taken(setting, expression.startsWith('"') ? `always ${expression}` : `from ${expression}`);
  else notes.approximated(setting, `as the expression ${expression}`);
}

/** The same flow for several object types is one flow here. */
function unlike(flows: readonly Fields[]): readonly Fields[] {
  return [...new Map(flows.map((flow) => [JSON.stringify(flow), flow])).values()];
}
