import type { Origin } from '../find-origin.ts';
import { type GateVerdict, pass, refuse } from './gate-verdict.ts';

/** The partition that serves the domain is a password synchronization source. */
export function gateSource(origin: Origin | undefined, domain: string): GateVerdict {
  if (origin === undefined) return refuse(6926, `No management agent has a partition for domain ${domain}`);
  if (origin.source.enabled) return pass;
  const { agent, partition } = origin;
  return refuse(6926, `${partition.dn} of "${agent.name}" is not a password synchronization source`);
}
