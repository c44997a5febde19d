import type { Connector } from '../join-table.ts';
import { type GateVerdict, pass, refuse } from './gate-verdict.ts';

/** The object that changed is in the connector space and joined to a person. */
export function gateKnown(connector: Connector | undefined, agentName: string): GateVerdict {
  if (connector === undefined) return refuse(7011, `"${agentName}" knows no such object`);
  if (connector.person === undefined) return refuse(7015, `${connector.dn} is not joined to a person`);
  return pass;
}
