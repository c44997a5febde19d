import type { ConsoleServices } from '#console/console-context.ts';
import type { Session } from '#state/session.ts';

/** Opens Metaverse Object Properties. Throws `not_found` where the person is gone. */
export async function openPerson(
  id: number,
  session: Session,
  openDialog: ConsoleServices['openDialog'],
): Promise<void> {
  const [{ PersonSheet }, person] = await Promise.all([
    import('./PersonSheet.tsx'),
    session.client.call('people.get', { id }),
  ]);
  openDialog((close) => <PersonSheet person={person} onClose={close} />);
}
