import type { ScopeNode } from '#console/scope-node.ts';

import { lazyPage } from '../lazy-page.tsx';

/** Explain: who would get a change from a person, and why not, without any password. */
export const explainNode: ScopeNode = {
  id: 'explain',
  label: 'Explain',
  icon: 'explain',
  help: 'explain',
  Page: lazyPage(async () => (await import('./ExplainPage.tsx')).ExplainPage),
};
