import type { ScopeNode } from '#console/scope-node.ts';

import { lazyPage } from '../lazy-page.tsx';

/** Metaverse Search: finds persons; each opens with its attributes and connectors. */
export const metaverseSearchNode: ScopeNode = {
  id: 'search',
  label: 'Metaverse Search',
  icon: 'search',
  help: 'metaverse-search',
  Page: lazyPage(async () => (await import('./MetaverseSearchPage.tsx')).MetaverseSearchPage),
};
