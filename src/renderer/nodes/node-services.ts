import type { ConsoleServices } from '#console/console-context.ts';
import type { Session } from '#state/session.ts';

/** What a node's verbs work with: the session, and the console around them. */
export interface NodeServices extends Pick<ConsoleServices, 'openDialog' | 'notify' | 'startTask'> {
  readonly session: Session;
}
