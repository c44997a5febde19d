import { makeStyles } from '@fluentui/react-components';

import type { ScopeNode } from '#console/scope-node.ts';
import { useReading } from '#state/use-reading.ts';
import { FactList } from '#ui/FactList.tsx';

import type { NodeServices } from '../node-services.ts';
import { exportVerb } from '../snapshots/export-verb.ts';

const useStyles = makeStyles({ page: { padding: '16px' } });

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
      exportVerb(services),
      {
        id: 'sso.properties',
        label: 'Properties',
        slot: 'properties',
        accessKey: 'p',
        shortcut: 'Alt+Enter',
        isDefault: true,
        run: async () => {
          const [{ SystemSheet }, reading] = await Promise.all([
            import('./SystemSheet.tsx'),
            session.client.call('configuration.get', {}),
          ]);
          openDialog((close) => <SystemSheet reading={reading} onClose={close} />);
        },
      },
    ],
  };
}

function SystemPage() {
  const styles = useStyles();
  const { value, problem } = useReading('configuration.get', {}, ['configuration.changed']);
  if (problem !== undefined)
    return <p className={styles.page}>{`${problem.message}. ${problem.fix ?? ''}`}</p>;
  if (value === undefined) return <p className={styles.page}>Asking the service...</p>;
  const { system, servers } = value.configuration.singleSignOn;
  const [first] = servers;
  const list = (names: readonly string[]): string => (names.length === 0 ? 'Not set' : names.join(', '));
  return (
    <div className={styles.page}>
      <FactList
        facts={[
          { term: 'SSO Server:', value: first?.name ?? 'None; add one under Servers' },
          { term: 'SQL Server:', value: first?.sqlServer },
          { term: 'SSO database:', value: first?.database },
          { term: 'SSO secret server:', value: system.masterSecretServer ?? 'Not set' },
          { term: 'SSO status:', value: system.enabled ? 'Enabled' : 'Disabled' },
          { term: 'SSO Administrators:', value: list(system.administrators) },
          { term: 'SSO Affiliate Administrators:', value: list(system.affiliateAdministrators) },
        ]}
      />
    </div>
  );
}
