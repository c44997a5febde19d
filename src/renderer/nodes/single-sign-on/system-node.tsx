import { propertiesVerb } from '#console/properties-verb.ts';
import type { ScopeNode } from '#console/scope-node.ts';
import { useReading } from '#state/use-reading.ts';
import { lazyPage } from '../lazy-page.tsx';
import type { NodeServices } from '../node-services.ts';
import { exportVerb } from '../snapshots/export-verb.ts';
import { databaseVerbs } from './database/database-verbs.tsx';
import { secretVerbs } from './secret/secret-verbs.tsx';

const SystemPage = lazyPage(async () => (await import('./SystemPage.tsx')).SystemPage);

/** System: the single sign-on system as a whole. */
export function systemNode(services: NodeServices): ScopeNode {
  const { session, openDialog } = services;
  const setEnabled = async (enabled: boolean): Promise<void> => {
    const { revision } = await session.client.call('configuration.get', {});
    await session.client.call('configuration.set', {
      changes: [{ path: ['singleSignOn', 'system', 'enabled'], value: enabled }],
      revision,
    });
  };
  return {
    id: 'system',
    label: 'System',
    icon: 'system',
    help: 'single-sign-on',
    Page: SystemPage,
    useBadge: () => {
      const { value } = useReading('sso.status', {}, ['sso.changed']);
      return value?.secret.needsBackup === true
        ? { text: 'secret not backed up', tone: 'warning' }
        : undefined;
    },
    verbs: () => [
      { id: 'sso.enable', label: 'Enable', slot: 'top', accessKey: 'e', run: () => setEnabled(true) },
      {
        id: 'sso.disable',
        label: 'Disable...',
        slot: 'top',
        accessKey: 'd',
        confirm: {
          title: 'Disable',
          question: 'Are you sure you want to disable the single sign-on system?',
          effect:
            'Its servers give out no credentials and synchronize no passwords until it is enabled again.',
          answer: 'Disable',
        },
        run: () => setEnabled(false),
      },
      ...databaseVerbs(services),
      ...secretVerbs(services),
      exportVerb(services),
      propertiesVerb({
        id: 'sso.properties',
        run: async () => {
          const [{ SystemSheet }, reading] = await Promise.all([
            import('./SystemSheet.tsx'),
            session.client.call('configuration.get', {}),
          ]);
          openDialog((close) => <SystemSheet reading={reading} onClose={close} />);
        },
      }),
    ],
  };
}
