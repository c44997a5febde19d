import type { MetaverseRules } from '#shared/model/identity-rules.ts';

import { elementAt, elementsOf, textAt, type XmlElement } from '../xml/xml-document.ts';
import { type MappingNote, MappingNotes } from './mapping-note.ts';
import { bareGuid } from './read-mim-server.ts';

/** What the export's metaverse says of the server: rules of persons, and what stands in Tools > Options there. */
export interface MappedMetaverse {
  readonly passwordSync: { readonly enabled?: boolean; readonly historySize?: number };
  /** Import flow precedence, with every agent that the export ranks. */
  readonly precedence: MetaverseRules['precedence'];
  /** Undefined where the export has none that there is here. */
  readonly deletionRule: MetaverseRules['deletionRule'] | undefined;
  readonly notes: readonly MappingNote[];
}

type Ids = MetaverseRules['precedence'][number]['agents'];

/** `known` are the agents that can come over: a rule names no others. */
export function mapMetaverse(metaverse: XmlElement | undefined, known: ReadonlySet<string>): MappedMetaverse {
  const notes = new MappingNotes();
  const enabled = textAt(metaverse, 'password-sync/password-sync-enabled');
  const size = Number(textAt(metaverse, 'password-change-history-size'));
  if (enabled !== '')
    notes.kept(
      'Enable Password Synchronization',
      `${enabled === '1' ? 'on there' : 'off there'}; an import leaves the switch of this server as it is`,
    );
  const fits = Number.isInteger(size) && size >= 1 && size <= 1000;
  if (fits) notes.taken('Save last password change/set event details', String(size));
  const precedence = mapPrecedence(metaverse, known, notes);
  const deletionRule = mapDeletionRules(metaverse, known, notes);
  noteExtension(metaverse, notes);
  if (metaverse !== undefined)
    notes.kept('Metaverse schema', 'attributes need no declaration here, and every object is a person');
  return {
    passwordSync: {
      ...(enabled === '' ? {} : { enabled: enabled === '1' }),
      ...(fits ? { historySize: size } : {}),
    },
    precedence,
    deletionRule,
    notes: notes.all,
  };
}

/** The flows of an attribute stand in the order in which they count. */
function mapPrecedence(
  metaverse: XmlElement | undefined,
  known: ReadonlySet<string>,
  notes: MappingNotes,
): MetaverseRules['precedence'] {
  const ranks = new Map<string, Ids>();
  for (const set of elementsOf(elementAt(metaverse, 'import-attribute-flow'), 'import-flow-set'))
    for (const group of elementsOf(set, 'import-flows')) {
      const attribute = group.attributes.get('mv-attribute') ?? '';
      const all = elementsOf(group, 'import-flow').map((flow) =>
        bareGuid(flow.attributes.get('src-ma') ?? ''),
      );
      const agents = [...new Set(all)].filter((id) => known.has(id)) as Ids;
      if (agents.length < 2 || attribute === '') continue;
      const setting = `Precedence of ${attribute}`;
      const type = group.attributes.get('type') ?? 'ranked';
      const before = ranks.get(attribute);
      if (type !== 'ranked' && type !== 'equal')
        notes.kept(setting, `it is ${type}: a rules extension decides it`);
      else if (before !== undefined && String(before) !== String(agents))
        notes.approximated(
          setting,
          'another order for another object type; the first one holds for every person',
        );
      else {
        if (type === 'equal')
          notes.approximated(
            setting,
            'equal there: the last change won; here the agents have the order of the file',
          );
        else if (before === undefined) notes.taken(setting, `${agents.length} agents, in their order`);
        ranks.set(attribute, agents);
      }
    }
  return [...ranks].map(([attribute, agents]) => ({ attribute, agents }));
}

/** One rule an object type there, one rule for all persons here: that of `person`, or the only one. */
function mapDeletionRules(
  metaverse: XmlElement | undefined,
  known: ReadonlySet<string>,
  notes: MappingNotes,
): MetaverseRules['deletionRule'] | undefined {
  const rules = elementsOf(elementAt(metaverse, 'mv-deletion'), 'mv-deletion-rule');
  const chosen =
    rules.find((rule) => rule.attributes.get('mv-object-type')?.toLowerCase() === 'person') ??
    (rules.length === 1 ? rules[0] : undefined);
  let found: MetaverseRules['deletionRule'] | undefined;
  for (const rule of rules) {
    const setting = `Object deletion rule of ${rule.attributes.get('mv-object-type') ?? ''}`;
    if (rule !== chosen) {
      notes.kept(setting, 'persons have one rule here, that of the object type person');
      continue;
    }
    found = mapDeletionRule(rule, known, setting, notes);
  }
  return found;
}

function mapDeletionRule(
  rule: XmlElement,
  known: ReadonlySet<string>,
  setting: string,
  notes: MappingNotes,
): MetaverseRules['deletionRule'] | undefined {
  const type = rule.attributes.get('type') ?? '';
  const named = (name: string): Ids => elementsOf(rule, name).map((one) => bareGuid(textAt(one))) as Ids;
  const sources = named('src-ma');
  if (type === 'declared-last' || (type === 'declared' && sources.length === 0)) {
    const ignored = named('exclude-ma');
    if (ignored.length === 0) notes.taken(setting, 'with the last connector');
    else
      notes.approximated(
        setting,
        `with the last connector; those of ${ignored.length} agents counted for nothing there`,
      );
    return { kind: 'last-connector' };
  }
  if (type === 'declared-any' || type === 'declared') {
    const agents = sources.filter((id) => known.has(id));
    if (agents.length === 0) {
      notes.kept(setting, 'it names agents that do not come over');
      return undefined;
    }
    if (agents.length === sources.length)
      notes.taken(setting, `with the connector of any of ${agents.length} agents`);
    else
      notes.approximated(
        setting,
        `with the connector of any of ${agents.length} agents; ${sources.length - agents.length} others do not come over`,
      );
    return { kind: 'any-of', agents };
  }
  notes.kept(setting, type === 'scripted' ? 'a rules extension decides it' : `it is "${type}"`);
  return undefined;
}

function noteExtension(metaverse: XmlElement | undefined, notes: MappingNotes): void {
  const extension = textAt(metaverse, 'extension/assembly-name');
  if (extension !== '') notes.kept('Metaverse rules extension', `${extension} cannot run here`);
  const provisioning = elementAt(metaverse, 'provisioning')?.attributes.get('type') ?? 'none';
  if (provisioning === 'scripted' || provisioning === 'both')
    notes.kept('Enable Provisioning Rules Extension', 'write a rule of provisioning for each agent instead');
  if (provisioning === 'sync-rule' || provisioning === 'both')
    notes.kept(
      'Enable Synchronization Rules Provisioning',
      'write a rule of provisioning for each agent instead',
    );
}
