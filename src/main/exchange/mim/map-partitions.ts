import { elementAt, elementsOf, textAt, type XmlElement } from '../xml/xml-document.ts';
import { changesADay } from './changes-a-day.ts';
import type { MappingNotes } from './mapping-note.ts';
import { typeFilter, wantedTypes } from './object-types.ts';
import { defaultPartition, isNamingContext, partitionBase } from './partition-name.ts';
import { bareGuid } from './read-mim-server.ts';

type Fields = Record<string, unknown>;

export interface PartitionContext {
  /** Ids of the agents that can be targets. */
  readonly known: ReadonlySet<string>;
  /** Object types that a rule speaks of. */
  readonly ruled: ReadonlySet<string>;
  /** What the agent becomes. */
  readonly kind: string;
  /** What the directory calls object types that have another name there; keys in lower case. */
  readonly classes?: Readonly<Record<string, string>>;
}

/** The partitions that are selected, with containers, and their part in password synchronization. */
export function mapPartitions(
  data: XmlElement,
  { known, ruled, kind, classes = {} }: PartitionContext,
  notes: MappingNotes,
): Fields[] {
  const isDirectory = kind === 'active-directory' || kind === 'ldap';
  const base = partitionBase(data);
  const taken = new Set<string>();
  return partitionsOf(data).flatMap((partition) => {
    const name = textAt(partition, 'name');
    const dn = isNamingContext(name) ? name : base;
    const setting = `Partition ${name}`;
    if (textAt(partition, 'selected') !== '1') {
      notes.kept(setting, 'it is not selected');
      return [];
    }
    if (taken.size > 0 && !hasSeveral(kind)) {
      notes.kept(setting, 'an agent of this kind has one partition, the first that is selected');
      return [];
    }
    if (taken.has(dn.toLowerCase())) {
      notes.approximated(setting, `a part of ${dn}`);
      return [];
    }
    taken.add(dn.toLowerCase());
    if (isDirectory && dn === defaultPartition)
      notes.approximated(setting, `${dn}: enter the naming context of the directory`);
    const containers = (kind: 'inclusion' | 'exclusion'): readonly string[] =>
      elementsOf(elementAt(partition, `filter/containers/${kind}s`), kind)
        .map((container) => textAt(container))
        .filter((container) => container !== '' && container.toLowerCase() !== dn.toLowerCase());
    const types = wantedTypes(partition, ruled).map((type) => classes[type.toLowerCase()] ?? type);
    const filter = isDirectory && !isDefault(kind, types) ? typeFilter(partition, types) : undefined;
    notes.taken(setting, types.length === 0 ? 'every object' : `object types ${types.join(', ')}`);
    notePartition(partition, setting, notes);
    return [
      {
        dn,
        ...(filter === undefined ? {} : { filter }),
        include: containers('inclusion'),
        exclude: containers('exclusion'),
        ...passwordSource(partition, dn, known, notes),
      },
    ];
  });
}

/** Directories, and files of entries, which have names of their own. */
function hasSeveral(kind: string): boolean {
  return ['active-directory', 'ldap', 'ldif', 'dsml'].includes(kind);
}

/** Accounts alone are what an import from Active Directory asks for by itself. */
function isDefault(kind: string, types: readonly string[]): boolean {
  return kind === 'active-directory' && types.every((type) => type.toLowerCase() === 'user');
}

function notePartition(partition: XmlElement, setting: string, notes: MappingNotes): void {
  const settings = elementAt(partition, 'custom-data/adma-partition-data');
  const preferred = elementsOf(elementAt(settings, 'preferred-dcs'), 'preferred-dc').map((one) =>
    textAt(one),
  );
  if (preferred.length > 0)
    notes.kept(
      `${setting}: preferred domain controllers`,
      `${preferred.join(', ')}; one server is connected to here`,
    );
  const user = textAt(settings, 'login-user') || textAt(settings, 'user');
  if (user !== '')
    notes.kept(`${setting}: credentials of its own`, `${user}; an agent signs in as one account here`);
}

function passwordSource(
  partition: XmlElement,
  dn: string,
  known: ReadonlySet<string>,
  notes: MappingNotes,
): Fields {
  const enabled = textAt(partition, 'password-sync-source-enabled') === '1';
  const ids = elementsOf(elementAt(partition, 'password-sync-target-mas'), 'password-sync-target-ma').map(
    (target) => bareGuid(textAt(target)),
  );
  if (!enabled && ids.length === 0) return {};
  const targets = ids.filter((id) => known.has(id));
  for (const id of ids.filter((one) => !known.has(one)))
    notes.kept('Targets', `${id} is no agent that came over`);
  const domain = /(?:^|,)DC=([^,]+)/i.exec(dn)?.[1]?.slice(0, 15).toUpperCase() ?? '';
  if (domain === '') {
    notes.kept('Password synchronization source', 'the partition has no domain');
    return {};
  }
  notes.taken('Enable this partition as a password synchronization source', enabled ? 'on' : 'off');
  notes.approximated('Domain (NetBIOS name)', `${domain}, made of the partition's name: check it`);
  const most = changesADay(partition);
  return {
    passwordSource: { enabled, domain, targets, ...(most === undefined ? {} : { maxChangesPerDay: most }) },
  };
}

export function partitionsOf(data: XmlElement): readonly XmlElement[] {
  return elementsOf(elementAt(data, 'ma-partition-data'), 'partition');
}
