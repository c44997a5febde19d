import { propertiesVerb } from '#console/properties-verb.ts';
import type { Verb } from '#console/verb.ts';
import type { SsoServerRow } from '#shared/contract/sso-servers.ts';

import type { NodeServices } from '../node-services.ts';

/** What can be done with a selected SSO server. */
export function serverVerbs(
  rows: readonly SsoServerRow[],
  { session, openDialog }: NodeServices,
): readonly Verb[] {
  const [row, ...others] = rows;
  if (row === undefined || others.length > 0) return [];
  const { name } = row;
  const unless = (condition: boolean, disabled: string) => {
    if (!row.steerable) return { disabled: 'The console is connected to another server' };
    return condition ? {} : { disabled };
  };
  return [
    {
      id: 'sso.server.start',
      label: 'Start',
      slot: 'top',
      accessKey: 's',
      ...unless(row.status === 'Stopped', 'The server is started'),
      run: async () => {
        await session.client.call('sso.startServer', { name });
      },
    },
    {
      id: 'sso.server.stop',
      label: 'Stop...',
      slot: 'top',
      accessKey: 'o',
      ...unless(row.status !== 'Stopped', 'The server is stopped'),
      confirm: {
        title: 'Stop',
        question: `Are you sure you want to stop single sign-on on "${name}"?`,
        effect: 'It gives out no credentials and synchronizes no passwords until it is started again.',
        answer: 'Stop',
      },
      run: async () => {
        await session.client.call('sso.stopServer', { name });
      },
    },
    {
      id: 'sso.server.reset',
      label: 'Reset Event Counts...',
      slot: 'tasks',
      accessKey: 'e',
      ...unless(true, ''),
      confirm: {
        title: 'Reset Event Counts',
        question: `Do you want to reset the event counts of "${name}"?`,
        effect: 'They start again from 0. The events themselves stay in the log.',
        answer: 'Reset',
      },
      run: async () => {
        await session.client.call('sso.resetServerCounts', { name });
      },
    },
    {
      id: 'sso.server.spn',
      label: 'Check Service Principal Name...',
      slot: 'tasks',
      accessKey: 'c',
      run: async () => {
        const { CheckSpnDialog } = await import('./CheckSpnDialog.tsx');
        openDialog((close) => <CheckSpnDialog server={name} onClose={close} />);
      },
    },
    {
      id: 'sso.remove',
      label: 'Delete',
      slot: 'edit',
      accessKey: 'd',
      shortcut: 'Delete',
      confirm: {
        title: 'Delete',
        question: `Are you sure you want to delete the server "${name}" from this console?`,
        effect: 'Its properties are forgotten. The computer itself stays as it is.',
        answer: 'Delete',
      },
      run: async () => {
        const { configuration, revision } = await session.client.call('configuration.get', {});
        const index = configuration.singleSignOn.servers.findIndex((server) => server.name === name);
        await session.client.call('configuration.set', {
          changes: [{ path: ['singleSignOn', 'servers', index] }],
          revision,
        });
      },
    },
    propertiesVerb({
      id: 'sso.server.properties',
      run: async () => {
        const [{ ServerSheet }, reading] = await Promise.all([
          import('./ServerSheet.tsx'),
          session.client.call('configuration.get', {}),
        ]);
        openDialog((close) => (
          <ServerSheet name={name} status={row.status} reading={reading} onClose={close} />
        ));
      },
    }),
  ];
}
