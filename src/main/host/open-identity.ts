import { randomUUID } from 'node:crypto';

import { Joiner } from '#identity/joiner.ts';
import { type Preview, previewOf } from '#identity/preview.ts';
import { Runner } from '#identity/runner.ts';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { Agent } from '#shared/model/agent.ts';
import type { Topics } from '#shared/rpc/topics.ts';
import { identityCommits } from '#store/identity-commit.ts';

import type { AgentLinks } from './agent-links.ts';
import type { AgentNames } from './agent-names.ts';
import { RunDesk } from './run-desk.ts';
import type { StoreServices } from './store-services.ts';

export interface IdentityParts {
  readonly names: AgentNames;
  readonly links: AgentLinks;
  readonly store: StoreServices;
  readonly topics: Topics<CarillonContract>;
  readonly now: () => number;
  readonly report: (error: unknown) => void;
}

/** Puts imports and synchronization together over the store and the agents. */
export function openIdentity({ names, links, store, topics, now, report }: IdentityParts): {
  readonly runner: Runner;
  readonly desk: RunDesk;
  readonly joiner: Joiner;
  readonly preview: (id: number, draft: Agent | undefined) => Promise<Preview>;
} {
  const desk = new RunDesk({
    names,
    runs: store.runs,
    changed: (run) => {
      topics.emit('agents.runChanged', run);
      topics.emit('agents.changed', { agent: run.agent });
      if (run.endedAt !== undefined) topics.emit('people.changed', {});
    },
    report,
  });
  const space = {
    rules: () => names.rules,
    space: store.space,
    metaverse: store.people,
    exports: store.exports,
    ...identityCommits(store.database),
    newGuid: randomUUID,
  };
  const runner = new Runner({
    ...space,
    history: desk,
    sourceOf: (agent) => links.sourceOf(agent),
    targetOf: (agent) => links.exportTargetOf(agent),
    now,
  });
  return { runner, desk, joiner: new Joiner(space), preview: (id, draft) => previewOf(id, space, draft) };
}
