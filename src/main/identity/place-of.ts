import type { Agent } from '#shared/model/agent.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';

import { compileScope } from './scope.ts';

/** Where in an agent an object of this name belongs; undefined outside its containers. */
export function placeOf(agent: Agent, dn: string): { partition: string; foldedDn: string } | undefined {
  const foldedDn = foldDn(dn);
  if (foldedDn === undefined) return undefined;
  const partition = agent.partitions.find((candidate) => compileScope(candidate)(foldedDn));
  return partition === undefined ? undefined : { partition: partition.dn, foldedDn };
}
