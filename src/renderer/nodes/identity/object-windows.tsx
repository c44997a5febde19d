import type { ConsoleServices } from '#console/console-context.ts';
import type { Session } from '#state/session.ts';

/** Opens what is known of a person or of an object; throws `not_found` where it is gone. */
export interface ObjectWindows {
  openPerson(id: number): Promise<void>;
  openSpaceObject(id: number): Promise<void>;
}

/** Metaverse and Connector Space Object Properties: each leads to the other. */
export function objectWindows(session: Session, openDialog: ConsoleServices['openDialog']): ObjectWindows {
  const windows: ObjectWindows = {
    openPerson: async (id) => {
      const [{ PersonSheet }, person] = await Promise.all([
        import('./PersonSheet.tsx'),
        session.client.call('people.get', { id }),
      ]);
      openDialog((close) => (
        <PersonSheet person={person} onOpenConnector={windows.openSpaceObject} onClose={close} />
      ));
    },
    openSpaceObject: async (id) => {
      const [{ SpaceObjectSheet }, object] = await Promise.all([
        import('./SpaceObjectSheet.tsx'),
        session.client.call('space.get', { id }),
      ]);
      openDialog((close) => (
        <SpaceObjectSheet object={object} onOpenPerson={windows.openPerson} onClose={close} />
      ));
    },
  };
  return windows;
}
