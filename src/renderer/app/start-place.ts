import type { ConsoleDestination } from '#shared/model/console-destination.ts';
import { findConsoleHost } from '#state/console-host.ts';

/** Where a window begins that another one opened. */
export interface StartPlace {
  /** Path of the node that its tree begins with. */
  readonly root: string;
  readonly destination: ConsoleDestination;
}

/** Opens another window of this console whose tree begins at `root`. */
export function openWindowAt(place: StartPlace): void {
  const start = JSON.stringify(place);
  const host = findConsoleHost();
  if (host !== undefined) host.newWindow(start);
  // With a size it is a window; without one a browser makes a tab of it.
  else window.open(`./#${encodeURIComponent(start)}`, '_blank', 'noopener,width=1024,height=700');
}

/** Reads where this window begins from its address; undefined where that says nothing that holds. */
export async function readStartPlace(fragment: string): Promise<StartPlace | undefined> {
  if (fragment.length < 2) return undefined;
  const { consoleDestinationSchema } = await import('#shared/model/console-destination.ts');
  try {
    const { root, destination } = JSON.parse(decodeURIComponent(fragment.slice(1)));
    if (typeof root !== 'string' || !/^[^\s/]+(\/[^\s/]+)*$/.test(root)) return undefined;
    return { root, destination: consoleDestinationSchema.parse(destination) };
  } catch {
    return undefined;
  }
}
