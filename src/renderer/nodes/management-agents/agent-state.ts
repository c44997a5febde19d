import type { AgentRow } from '#shared/contract/agents.ts';

/** What an agent does now, in the words of its list. */
export function agentStateOf(row: AgentRow): string {
  if (row.lastRun !== undefined && row.lastRun.result === undefined) return 'Running';
  if (row.hold) return 'On hold';
  if (row.breaker === 'open') return 'Not reachable';
  return row.breaker === 'half-open' ? 'Probing' : 'Idle';
}
