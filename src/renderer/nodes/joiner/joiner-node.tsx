import type { ScopeNode } from '#console/scope-node.ts';

import { lazyPage } from '../lazy-page.tsx';

/** Joiner: ties objects that the rules left alone to persons, by hand. */
export const joinerNode: ScopeNode = {
  id: 'joiner',
  label: 'Joiner',
  icon: 'joiner',
  help: 'joiner',
  Page: lazyPage(async () => (await import('./JoinerPage.tsx')).JoinerPage),
};
