import type { ConsoleServices } from '#console/console-context.ts';
import type { Session } from '#state/session.ts';

/** Opens Connector Space Object Properties. Throws `not_found` where the object is gone. */
export async function openSpaceObject(
  id: number,
  session: Session,
  openDialog: ConsoleServices['openDialog'],
): Promise<void> {
  const [{ SpaceObjectSheet }, object] = await Promise.all([
    import('./SpaceObjectSheet.tsx'),
    session.client.call('space.get', { id }),
  ]);
  openDialog((close) => <SpaceObjectSheet object={object} onClose={close} />);
}
