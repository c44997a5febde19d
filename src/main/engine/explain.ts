import type { AgentId, CapturedChange } from '#shared/model/change.ts';

import type { BreakerState } from './circuit-breaker.ts';
import type { EngineParts } from './engine-parts.ts';
import { gateCircuit } from './gates/gate-circuit.ts';
import { gateSecure } from './gates/gate-secure.ts';
import { type GateVerdict, refuse } from './gates/gate-verdict.ts';
import { guardChange } from './guard-change.ts';
import { type GateReport, guardTarget } from './guard-target.ts';
import type { Connector } from './join-table.ts';
import { type ResolvedTarget, resolveChange } from './resolve-change.ts';

/** Whose change is asked about. */
export type ExplainedAccount = Pick<CapturedChange, 'domain' | 'account' | 'objectGuid'>;

export interface ExplainedTarget {
  readonly agent: AgentId;
  /** The agent's name, or its id where the configuration lacks it. */
  readonly agentName: string;
  /** The person's object there; undefined where the verdict is `nothing`. */
  readonly connector: Connector | undefined;
  readonly verdict: 'deliver' | 'shadow' | 'hold' | 'refuse' | 'nothing';
  readonly event: number | undefined;
  readonly reason: string;
  /** Every gate, in the order in which they are asked. */
  readonly gates: readonly GateReport[];
}

/** Who would get a change of an account now, and why not; no password is needed for it. */
export interface Explained {
  readonly connector: Connector | undefined;
  readonly refusal: { readonly event: number; readonly reason: string } | undefined;
  readonly targets: readonly ExplainedTarget[];
}

export interface ExplainParts
  extends Pick<EngineParts, 'clock' | 'queue' | 'joins' | 'targets' | 'settings'> {
  readonly breakerOf: (agent: AgentId) => BreakerState;
}

const day = 86_400_000;

/** Asks the very gates that a real change meets. */
export function explain(account: ExplainedAccount, parts: ExplainParts): Explained {
  const { clock, queue, joins, settings } = parts;
  const resolution = resolveChange(settings(), joins, account);
  const refusal = guardChange(account, {
    resolution,
    passwordSync: settings().passwordSync,
    countSent: ({ agent, partition }) => queue.countAccepted(agent.id, partition.dn, clock.now() - day),
  });
  return {
    connector: resolution.connector,
    refusal: refusal && { event: refusal.event, reason: refusal.reason },
    targets: resolution.targets.flatMap((target) => explainTarget(target, parts)),
  };
}

function explainTarget(target: ResolvedTarget, parts: ExplainParts): readonly ExplainedTarget[] {
  const { id, agent, connectors } = target;
  const agentName = agent?.name ?? id;
  const gates = agent === undefined ? [] : askGates(target, parts);
  const results =
    agent === undefined
      ? [refuse(6922, `No management agent has the id ${id}`)]
      : gates.map((gate) => gate.result);
  const common = { agent: id, agentName, gates };
  if (connectors.length === 0) {
    const reason = `The person has no object in "${agentName}"`;
    return [{ ...common, connector: undefined, verdict: 'nothing', event: undefined, reason }];
  }
  const answer = sum(results, agent?.password.shadow ?? false);
  return connectors.map((connector) => ({ ...common, connector, ...answer }));
}

function askGates({ id, agent }: ResolvedTarget, parts: ExplainParts): readonly GateReport[] {
  if (agent === undefined) return [];
  const target = parts.targets(id);
  return [
    ...guardTarget(agent, target, parts.settings().passwordSync),
    { gate: 'answering', result: gateCircuit(parts.breakerOf(id), agent.name) },
    ...(target === undefined ? [] : [{ gate: 'secure' as const, result: gateSecure(agent, target) }]),
  ];
}

/** The first gate that refuses decides, then the first that holds. */
function sum(
  results: readonly GateVerdict[],
  isShadow: boolean,
): Pick<ExplainedTarget, 'verdict' | 'event' | 'reason'> {
  for (const result of results)
    if (result.verdict === 'refuse') return { verdict: 'refuse', event: result.event, reason: result.reason };
  for (const result of results)
    if (result.verdict === 'hold') return { verdict: 'hold', event: undefined, reason: result.reason };
  if (isShadow) {
    const reason =
      'The change would be decided and reported, and nothing written: the target is in shadow mode';
    return { verdict: 'shadow', event: undefined, reason };
  }
  return { verdict: 'deliver', event: undefined, reason: 'The change would be delivered at once' };
}
