import type { Partition } from '#shared/model/agent.ts';

import { elementAt, elementsOf, textAt, withTextAt, type XmlElement } from '../xml/xml-document.ts';
import { changesADay } from './changes-a-day.ts';
import { isNamingContext } from './partition-name.ts';
import { bareGuid } from './read-mim-server.ts';

const targetsName = 'password-sync-target-mas';
const targetName = 'password-sync-target-ma';

/** The agent's partitions with their part in password synchronization as it is here; `known` are the agents here. */
export function writePartitions(
  data: XmlElement,
  partitions: readonly Partition[],
  known: ReadonlySet<string>,
): XmlElement {
  const before = elementAt(data, 'ma-partition-data');
  if (before === undefined) return data;
  const children = before.children.map((node) => {
    if (!elementsOf(before, 'partition').includes(node as XmlElement)) return node;
    const element = node as XmlElement;
    const name = textAt(element, 'name');
    const partition = partitions.find(({ dn }) => dn.toLowerCase() === name.toLowerCase());
    return partition === undefined || !isNamingContext(name)
      ? node
      : writePartition(element, partition, known);
  });
  if (children.every((node, index) => node === before.children[index])) return data;
  const changed = { ...before, children };
  return { ...data, children: data.children.map((node) => (node === before ? changed : node)) };
}

function writePartition(
  element: XmlElement,
  { passwordSource: source }: Partition,
  known: ReadonlySet<string>,
): XmlElement {
  // A partition that is no source here may have settings of one there, which did not come over.
  if (source === undefined) return element;
  let changed = element;
  const put = (path: string, value: string): void => {
    changed = withTextAt(changed, path, value);
  };
  const wasOn = textAt(element, 'password-sync-source-enabled') === '1';
  if (wasOn !== source.enabled) put('password-sync-source-enabled', source.enabled ? '1' : '0');
  const most = source.maxChangesPerDay;
  if (most !== changesADay(element)) {
    put('max-changes-allowed-enabled', most === undefined ? '0' : '1');
    if (most !== undefined) put('max-changes-allowed', String(most));
  }
  const listed = elementsOf(elementAt(element, targetsName), targetName);
  const idOf = (one: XmlElement): string => bareGuid(textAt(one));
  // What is no agent here did not come over, and says nothing of what was taken away.
  const here = listed.filter((one) => known.has(idOf(one))).map(idOf);
  const wanted: readonly string[] = source.targets;
  if (here.length === wanted.length && here.every((id) => wanted.includes(id))) return changed;
  const kept = listed.filter((one) => !known.has(idOf(one)) || wanted.includes(idOf(one)));
  const fresh = wanted.filter((id) => !here.includes(id)).map(targetOf);
  return withTargets(changed, [...kept, ...fresh]);
}

function withTargets(element: XmlElement, targets: readonly XmlElement[]): XmlElement {
  const before = elementAt(element, targetsName);
  const list: XmlElement = {
    name: targetsName,
    attributes: before?.attributes ?? new Map(),
    children: targets,
  };
  if (before === undefined) return { ...element, children: [...element.children, list] };
  return { ...element, children: element.children.map((node) => (node === before ? list : node)) };
}

function targetOf(id: string): XmlElement {
  return { name: targetName, attributes: new Map(), children: [`{${id.toUpperCase()}}`] };
}
