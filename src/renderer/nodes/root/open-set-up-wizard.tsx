import { openCreateWizard } from '../management-agents/open-create-wizard.tsx';
import type { NodeServices } from '../node-services.ts';

/** Opens Set Up This Computer, and after it Create Management Agent where that is wanted. */
export async function openSetUpWizard(services: NodeServices): Promise<void> {
  const { session, openDialog } = services;
  const [{ SetUpWizard }, reading, status] = await Promise.all([
    import('./SetUpWizard.tsx'),
    session.client.call('configuration.get', {}),
    session.client.call('system.status', {}),
  ]);
  openDialog((close) => (
    <SetUpWizard
      reading={reading}
      host={status.host}
      onClose={close}
      onDirectory={() => void openCreateWizard(services)}
    />
  ));
}
