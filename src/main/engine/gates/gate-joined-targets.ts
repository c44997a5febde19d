import type { ResolvedTarget } from '../resolve-change.ts';
import { type GateVerdict, pass, refuse } from './gate-verdict.ts';

/** The person has an object in a target of the partition. */
export function gateJoinedTargets(targets: readonly ResolvedTarget[], partition: string): GateVerdict {
  if (targets.length === 0) return refuse(7012, `${partition} has no targets`);
  if (targets.some(({ connectors }) => connectors.length > 0)) return pass;
  const names = targets.map(({ agent, id }) => `"${agent?.name ?? id}"`).join(', ');
  return refuse(7012, `The person has no object in ${names}`);
}
