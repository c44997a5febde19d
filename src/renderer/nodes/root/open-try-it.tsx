import type { NodeServices } from '../node-services.ts';

/** Opens Try It Here on the sample company, which is set up first where it is not; its code is loaded then. */
export async function openTryIt({ session, openDialog }: NodeServices): Promise<void> {
  const [{ TryItDialog }, sample] = await Promise.all([
    import('./TryItDialog.tsx'),
    session.client.call('sample.setUp', {}),
  ]);
  openDialog((close) => <TryItDialog sample={sample} onClose={close} />);
}
