import type { Agent } from '#shared/model/agent.ts';

import { writeXml } from '../xml/write-xml.ts';
import { elementAt, textAt, withTextAt, type XmlElement } from '../xml/xml-document.ts';
import { passwordBindings } from './password-bindings.ts';
import type { MimServer } from './read-mim-server.ts';
import { writePartitions } from './write-partition.ts';

/** Writes an export back. A file of which nothing was changed here is, in canonical form, the file that came. */
export function writeMimServer(server: MimServer, agents: readonly Agent[]): ReadonlyMap<string, string> {
  const known = new Set<string>(agents.map(({ id }) => id));
  const changed = new Map(
    server.agents.flatMap(({ file, id, data }) => {
      const agent = agents.find((one) => one.id === id);
      return agent === undefined ? [] : [[file, changeAgent(data, agent, known)] as const];
    }),
  );
  return new Map(
    [...server.documents].map(([file, root]) => {
      const data = changed.get(file);
      const before = elementAt(root, 'ma-data');
      const document: XmlElement =
        data === undefined
          ? root
          : { ...root, children: root.children.map((node) => (node === before ? data : node)) };
      return [file, writeXml(document)];
    }),
  );
}

function changeAgent(data: XmlElement, agent: Agent, known: ReadonlySet<string>): XmlElement {
  let changed = data;
  if (textAt(data, 'name') !== agent.name) changed = withTextAt(changed, 'name', agent.name);
  if (textAt(data, 'description').slice(0, 1024) !== agent.description)
    changed = withTextAt(changed, 'description', agent.description);
  for (const { path, key, read, write } of passwordBindings) {
    const value = agent.password[key];
    if (typeof value === 'string') continue;
    const before = read(textAt(data, path));
    // A switch that the file lacks is off there.
    if (value !== (before ?? (typeof value === 'boolean' ? false : value)))
      changed = withTextAt(changed, path, write(value));
  }
  return writePartitions(changed, agent.partitions, known);
}
