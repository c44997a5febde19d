import type { PendingExport } from '#identity/pending-exports.ts';
import type { Preview } from '#identity/preview.ts';
import type { SpacePreview } from '#shared/contract/space.ts';

import type { AgentNames } from '../agent-names.ts';
import type { StoreServices } from '../store-services.ts';

export interface PreviewReplyParts {
  readonly names: AgentNames;
  readonly store: Pick<StoreServices, 'space'>;
}

/** A preview as the contract shows it. */
export function previewReply(preview: Preview, parts: PreviewReplyParts): SpacePreview {
  const { before, after, person, staged, dropped, errors, statistics } = preview;
  return {
    dn: before.dn,
    stateBefore: before.state,
    ...(after === undefined ? {} : { stateAfter: after.state }),
    ...(after?.link === undefined ? {} : { link: after.link }),
    personBefore: copyOf(person.before),
    personAfter: copyOf(person.after),
    staged: staged.map((one) => exportReply(one, parts)),
    dropped: dropped.map((one) => exportReply(one, parts)),
    errors: errors.map(({ word, dn, detail }) => ({ error: word, dn, detail })),
    counts: Object.fromEntries(Object.entries(statistics).filter(([, count]) => count !== 0)),
  };
}

function exportReply(
  found: PendingExport,
  { names, store }: PreviewReplyParts,
): SpacePreview['staged'][number] {
  const dn =
    found.operation === 'add'
      ? found.dn
      : ((found.operation === 'update' ? found.newDn : undefined) ?? store.space.find(found.connector)?.dn);
  return {
    agent: found.agent,
    agentName: names.nameOf(found.agent),
    operation: found.operation,
    dn: dn ?? '',
    changes: copyOf(found.changes),
  };
}

function copyOf(attributes: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(attributes).map(([name, values]) => [name, [...values]]));
}
