import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { Topics } from '#shared/rpc/topics.ts';

import type { ConfigurationFile } from './configuration/configuration-file.ts';
import { modeChanges } from './mode-changes.ts';

export interface FollowParts {
  readonly file: ConfigurationFile;
  readonly topics: Topics<CarillonContract>;
  readonly note: (number: number, message: string, agent?: AgentId) => void;
  /** Done at once. */
  readonly apply: (current: Configuration, before: Configuration) => void;
  /** Done after it, in this order; what fails is reported. */
  readonly follow: readonly ((current: Configuration) => unknown)[];
  readonly report: (error: unknown) => void;
}

/** Lets a server work by the new configuration whenever another comes in force. */
export function followConfiguration({ file, topics, note, apply, follow, report }: FollowParts): void {
  const inOrder = async (current: Configuration): Promise<void> => {
    for (const step of follow) await step(current);
    topics.emit('system.changed', {});
  };
  file.onChange((current, before) => {
    apply(current, before);
    note(7032, `The configuration ${file.running.revision} is in force`);
    for (const { agent, message } of modeChanges(current, before)) note(7019, message, agent);
    topics.emit('configuration.changed', { revision: file.running.revision });
    inOrder(current).catch(report);
  });
}
