import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  ProgressBar,
} from '@fluentui/react-components';
import { useConsole } from '#console/console-context.ts';
import { inOneLine } from '#console/problem-of.ts';
import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import type { SsoStatus } from '#shared/contract/sso.ts';
import type { Reply } from '#shared/rpc/contract.ts';
import { useSession } from '#state/session-context.ts';
import { useReading } from '#state/use-reading.ts';
import { FactList } from '#ui/FactList.tsx';

import { secretVerbs } from './secret/secret-verbs.tsx';

const useStyles = makeStyles({
  page: { padding: '16px', display: 'flex', flexDirection: 'column', gap: '16px' },
  heading: { margin: 0, fontSize: '14px' },
  group: { display: 'flex', flexDirection: 'column', gap: '8px' },
  bar: { maxWidth: '360px' },
});

const roles: Readonly<Record<SsoStatus['role'], string>> = {
  'sso-administrator': 'SSO Administrator',
  'affiliate-administrator': 'SSO Affiliate Administrator',
  none: 'Neither SSO Administrator nor SSO Affiliate Administrator',
};

/** System: the single sign-on system as a whole, and its master secret. */
export function SystemPage() {
  const styles = useStyles();
  const { value, problem } = useReading('configuration.get', {}, ['configuration.changed']);
  const { value: status } = useReading('sso.status', {}, ['sso.changed', 'configuration.changed']);
  const { value: database } = useReading('sso.database', {}, ['sso.changed', 'configuration.changed']);
  const shared = database?.shared;
  if (problem !== undefined) return <p className={styles.page}>{inOneLine(problem)}</p>;
  if (value === undefined) return <p className={styles.page}>Asking the service...</p>;
  const { system, servers } = value.configuration.singleSignOn;
  const first = servers.find(({ name }) => name === status?.server) ?? servers[0];
  const list = (names: readonly string[]): string => (names.length === 0 ? 'Not set' : names.join(', '));
  return (
    <div className={styles.page}>
      <FactList
        facts={[
          { term: 'SSO Server:', value: first?.name ?? 'None; add one under Servers' },
          { term: 'SQL Server:', value: database && (shared?.host ?? 'This server, in its own store') },
          { term: 'SSO database:', value: database && describeDatabase(database) },
          { term: 'SSO secret server:', value: system.masterSecretServer ?? 'Not set' },
          { term: 'SSO status:', value: system.enabled ? 'Enabled' : 'Disabled' },
          { term: 'SSO Administrators:', value: list(system.administrators) },
          { term: 'SSO Affiliate Administrators:', value: list(system.affiliateAdministrators) },
          { term: 'You are:', value: status && `${status.account} (${roles[status.role]})` },
        ]}
      />
      {status === undefined ? null : <SecretGroup status={status} />}
    </div>
  );
}

function describeDatabase({ shared, isInUse, problem }: Reply<CarillonContract, 'sso.database'>): string {
  const name = shared?.database ?? 'Its own';
  if (problem !== undefined) return `${name}: ${problem}`;
  return isInUse ? name : `${name}, from the next start of the service on`;
}

function SecretGroup({ status: { secret, reEncryption } }: { readonly status: SsoStatus }) {
  const styles = useStyles();
  const session = useSession();
  const { openDialog, notify, startTask, perform } = useConsole();
  const moment = (at: number | undefined): string | undefined =>
    at === undefined ? undefined : new Date(at).toLocaleString();
  const isMissing = secret.current === undefined;
  const offer = (id: string, label: string) => (
    <Button
      size="small"
      onClick={() => {
        const verb = secretVerbs({ session, openDialog, notify, startTask }).find((each) => each.id === id);
        if (verb !== undefined) perform(verb);
      }}
    >
      {label}
    </Button>
  );
  return (
    <section aria-labelledby="master-secret" className={styles.group}>
      <h2 id="master-secret" className={styles.heading}>
        Master secret
      </h2>
      {isMissing ? (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>There is no master secret</MessageBarTitle> No credential can be stored until it
            is generated.
          </MessageBarBody>
          <MessageBarActions>{offer('sso.secret.generate', 'Generate secret...')}</MessageBarActions>
        </MessageBar>
      ) : secret.needsBackup ? (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>The master secret is in no backup</MessageBarTitle> Should this server be lost,
            every credential is lost with it.
          </MessageBarBody>
          <MessageBarActions>{offer('sso.secret.backup', 'Back up secret...')}</MessageBarActions>
        </MessageBar>
      ) : null}
      <FactList
        facts={[
          { term: 'Kept on this server:', value: secret.isSecretServer ? 'Yes' : 'No' },
          { term: 'Current secret:', value: secret.current === undefined ? 'None' : String(secret.current) },
          { term: 'Made:', value: moment(secret.createdAt) },
          {
            term: 'Backed up:',
            value: isMissing ? undefined : (moment(secret.backedUpAt) ?? 'Never'),
          },
          { term: 'Previous secrets:', value: secret.previous.join(', ') },
          {
            term: 'Re-encryption:',
            value: reEncryption.running
              ? `${reEncryption.done} of ${reEncryption.total} credentials`
              : 'Not running',
          },
        ]}
      />
      {reEncryption.running ? (
        <ProgressBar
          className={styles.bar}
          aria-label="Progress of re-encryption"
          value={reEncryption.total === 0 ? 0 : reEncryption.done / reEncryption.total}
        />
      ) : null}
    </section>
  );
}
