import type { NodeServices } from '../node-services.ts';

/** Opens Connect to a Server; its code is loaded then. */
export async function openConnectDialog({ session, openDialog }: NodeServices): Promise<void> {
  const { ConnectDialog } = await import('./ConnectDialog.tsx');
  openDialog((close) => <ConnectDialog session={session} onClose={close} />);
}
