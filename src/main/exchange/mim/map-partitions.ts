import { elementAt, elementsOf, textAt, type XmlElement } from '../xml/xml-document.ts';
import type { MappingNotes } from './mapping-note.ts';
import { bareGuid } from './read-mim-server.ts';

type Fields = Record<string, unknown>;

/** The partitions that are selected, with containers, and their part in password synchronization. */
export function mapPartitions(data: XmlElement, known: ReadonlySet<string>, notes: MappingNotes): Fields[] {
  return partitionsOf(data).flatMap((partition) => {
    const dn = textAt(partition, 'name');
    const setting = `Partition ${dn}`;
    if (textAt(partition, 'selected') !== '1') {
      notes.kept(setting, 'it is not selected');
      return [];
    }
    const containers = (kind: 'inclusion' | 'exclusion'): readonly string[] =>
      elementsOf(elementAt(partition, `filter/containers/${kind}s`), kind)
        .map((container) => textAt(container))
        .filter((container) => container !== '' && container.toLowerCase() !== dn.toLowerCase());
    const classes = elementsOf(elementAt(partition, 'filter/object-classes'), 'object-class').map((one) =>
      textAt(one),
    );
    notes.taken(setting, `object types ${classes.join(', ')}`);
    return [
      {
        dn: dn === 'default' ? 'OU=default' : dn,
        include: containers('inclusion'),
        exclude: containers('exclusion'),
        ...passwordSource(partition, dn, known, notes),
      },
    ];
  });
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
  const most = Number(textAt(partition, 'max-changes-allowed'));
  const capped = textAt(partition, 'max-changes-allowed-enabled') === '1' && most >= 1 && most <= 9999;
  return { passwordSource: { enabled, domain, targets, ...(capped ? { maxChangesPerDay: most } : {}) } };
}

export function partitionsOf(data: XmlElement): readonly XmlElement[] {
  return elementsOf(elementAt(data, 'ma-partition-data'), 'partition');
}
