import type { AgentRow } from '#shared/contract/agents.ts';
import { AppError } from '#shared/model/app-error.ts';

import type { NodeServices } from '../node-services.ts';
import type { DeletedPart } from './DeleteAgentDialog.tsx';

/** Milliseconds between two looks at how much is left. */
const lookInterval = 500;

/** Asks what of a management agent goes, and takes it away in the background. */
export async function openDeleteAgent(row: AgentRow, services: NodeServices): Promise<void> {
  const { DeleteAgentDialog } = await import('./DeleteAgentDialog.tsx');
  services.openDialog((close) => (
    <DeleteAgentDialog
      agentName={row.name}
      onDelete={(part) => startDeletion(row, part, services)}
      onClose={close}
    />
  ));
}

function startDeletion(row: AgentRow, part: DeletedPart, { session, startTask }: NodeServices): void {
  const agent = row.id;
  startTask({
    title: part === 'agent' ? `Deleting "${row.name}"` : `Deleting the connector space of "${row.name}"`,
    work: async (report, signal) => {
      const { client } = session;
      signal.addEventListener(
        'abort',
        () => void client.call('agents.stop', { agent }).catch(() => undefined),
      );
      const look = setInterval(async () => {
        const left = (await client.call('agents.list', {}).catch(() => [])).find(({ id }) => id === agent);
        if (left === undefined || row.connectors === 0) return;
        report(`${left.connectors.toLocaleString()} objects left`, 1 - left.connectors / row.connectors);
      }, lookInterval);
      try {
        if (part === 'agent') {
          await client.call('agents.delete', { agent });
          return `"${row.name}" is deleted with its connector space`;
        }
        const { result } = await client.call('agents.deleteSpace', { agent });
        if (result?.startsWith('stopped')) throw new AppError('cancelled', `Ended with ${result}`);
        return 'The connector space is empty; a full import fills it again';
      } finally {
        clearInterval(look);
      }
    },
  });
}
