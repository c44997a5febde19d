import type { AgentId } from '#shared/model/change.ts';
import type { Configuration } from '#shared/model/configuration.ts';

export interface ModeChange {
  readonly agent: AgentId;
  readonly message: string;
}

/** Targets that another configuration put in shadow mode or switched to live, whoever wrote it and how. */
export function modeChanges(now: Configuration, before: Configuration): readonly ModeChange[] {
  const earlier = new Map(before.agents.map(({ id, password }) => [id, password.shadow]));
  return now.agents.flatMap(({ id, name, password: { shadow } }) => {
    const was = earlier.get(id);
    if (was === undefined || was === shadow) return [];
    const message = shadow
      ? `"${name}" is in shadow mode: its changes are reported, and none is written`
      : `"${name}" is live: its changes are written`;
    return [{ agent: id, message }];
  });
}
