import type { Verb } from '#console/verb.ts';
import type { AgentRow } from '#shared/contract/agents.ts';
import type { Session } from '#state/session.ts';

/** Does a piece of work for each selected agent. */
type Each = (work: (row: AgentRow, client: Session['client']) => Promise<unknown>) => () => Promise<void>;

/** Switch to live, and the one click back. */
export function modeVerbs(rows: readonly AgentRow[], each: Each): readonly Verb[] {
  const names = rows.length === 1 ? `"${rows[0]?.name}"` : `${rows.length} management agents`;
  return [
    {
      id: 'agent.live',
      label: 'Switch to Live...',
      slot: 'tasks',
      accessKey: 'v',
      ...(rows.every(({ shadow }) => !shadow) && { disabled: 'The target is live already' }),
      confirm: {
        title: 'Switch to Live',
        question: `Do you want to switch ${names} to live?`,
        effect:
          'From now on password changes are written there, and so are those that wait. "Back to Shadow" ends that at once.',
        answer: 'Switch to Live',
      },
      run: each((row, client) => client.call('password.live', { agent: row.id })),
    },
    {
      id: 'agent.shadow',
      label: 'Back to Shadow',
      slot: 'tasks',
      accessKey: 'k',
      ...(rows.every(({ shadow }) => shadow) && { disabled: 'The target is in shadow mode already' }),
      run: each((row, client) => client.call('password.shadow', { agent: row.id })),
    },
  ];
}
