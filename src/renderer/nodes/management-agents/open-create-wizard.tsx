import type { NodeServices } from '../node-services.ts';

/** Opens Create Management Agent; its code is loaded then. */
export async function openCreateWizard({ session, openDialog }: NodeServices): Promise<void> {
  const [{ CreateAgentWizard }, reading] = await Promise.all([
    import('./create/CreateAgentWizard.tsx'),
    session.client.call('configuration.get', {}),
  ]);
  openDialog((close) => <CreateAgentWizard reading={reading} onClose={close} />);
}
