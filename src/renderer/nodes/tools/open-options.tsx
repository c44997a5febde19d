import type { NodeServices } from '../node-services.ts';

/** Opens Tools > Options; its code is loaded then. */
export async function openOptions({ session, openDialog }: NodeServices): Promise<void> {
  const [{ OptionsDialog }, reading] = await Promise.all([
    import('./OptionsDialog.tsx'),
    session.client.call('configuration.get', {}),
  ]);
  openDialog((close) => <OptionsDialog reading={reading} onClose={close} />);
}
