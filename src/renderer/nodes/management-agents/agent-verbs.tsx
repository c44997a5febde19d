import { problemOf } from '#console/problem-of.ts';
import { propertiesVerb } from '#console/properties-verb.ts';
import type { Verb } from '#console/verb.ts';
import type { AgentRow } from '#shared/contract/agents.ts';
import type { Session } from '#state/session.ts';

import type { NodeServices } from '../node-services.ts';
import { exportVerb } from '../snapshots/export-verb.ts';
import { openDeleteAgent } from './delete-agent.tsx';
import { modeVerbs } from './mode-verbs.ts';

/** What can be done with the selected management agents. */
export function agentVerbs(rows: readonly AgentRow[], services: NodeServices): readonly Verb[] {
  const { session } = services;
  const [only, ...others] = rows;
  if (only === undefined) return [];
  const each =
    (work: (row: AgentRow, client: Session['client']) => Promise<unknown>) => async (): Promise<void> => {
      for (const row of rows) await work(row, session.client);
    };
  return [
    ...(others.length === 0 ? singleVerbs(only, services) : []),
    {
      id: 'agent.stop',
      label: 'Stop',
      slot: 'tasks',
      accessKey: 't',
      run: each((row, client) => client.call('agents.stop', { agent: row.id })),
    },
    {
      id: 'agent.hold',
      label: 'Hold Deliveries...',
      slot: 'tasks',
      accessKey: 'h',
      ...(rows.every((row) => row.hold) && { disabled: 'Deliveries are on hold already' }),
      confirm: {
        title: 'Hold Deliveries',
        question: `Do you want to hold the deliveries to ${nameOf(rows)}?`,
        effect: 'Password changes wait, sealed, until deliveries are resumed or the changes expire.',
        answer: 'Hold',
      },
      run: each((row, client) => client.call('password.hold', { agent: row.id })),
    },
    {
      id: 'agent.resume',
      label: 'Resume Deliveries',
      slot: 'tasks',
      accessKey: 'm',
      ...(rows.every((row) => !row.hold) && { disabled: 'Deliveries are not on hold' }),
      run: each((row, client) => client.call('password.resume', { agent: row.id })),
    },
    ...modeVerbs(rows, each),
  ];
}

function singleVerbs(row: AgentRow, services: NodeServices): readonly Verb[] {
  const { session, openDialog, notify } = services;
  const run = async (profile: string, resume: boolean): Promise<void> => {
    const done = await session.client.call('agents.run', { agent: row.id, profile, resume, wait: true });
    notify({
      tone: done.result === 'success' ? 'success' : 'warning',
      title: `${row.name}: ${profile}`,
      body: done.result ?? 'in progress',
    });
  };
  return [
    {
      id: 'agent.run',
      label: 'Run...',
      slot: 'top',
      accessKey: 'r',
      run: async () => {
        const [{ RunDialog }, { agent }] = await Promise.all([
          import('./RunDialog.tsx'),
          session.client.call('agents.get', { agent: row.id }),
        ]);
        const profiles = agent.runProfiles.map(({ name }) => name);
        openDialog((close) => (
          <RunDialog
            agentName={row.name}
            profiles={profiles}
            onRun={(profile, resume) => {
              run(profile, resume).catch((error: unknown) =>
                notify({
                  tone: 'problem',
                  title: `${row.name}: ${profile}`,
                  body: problemOf(error).message,
                }),
              );
            }}
            onClose={close}
          />
        ));
      },
    },
    {
      id: 'agent.profiles',
      label: 'Configure Run Profiles',
      slot: 'top',
      accessKey: 'f',
      run: async () => {
        const [{ RunProfilesSheet }, reading] = await Promise.all([
          import('./profiles/RunProfilesSheet.tsx'),
          session.client.call('configuration.get', {}),
        ]);
        openDialog((close) => (
          <RunProfilesSheet id={row.id} name={row.name} reading={reading} onClose={close} />
        ));
      },
    },
    ...(row.kind === 'entsso'
      ? [
          {
            id: 'agent.entsso',
            label: 'Configure ENTSSO.xml',
            slot: 'top' as const,
            accessKey: 'x',
            run: async () => {
              const [{ EntssoFileDialog }, reading] = await Promise.all([
                import('./EntssoFileDialog.tsx'),
                session.client.call('entsso.read', {}),
              ]);
              openDialog((close) => (
                <EntssoFileDialog agentName={row.name} session={session} reading={reading} onClose={close} />
              ));
            },
          },
        ]
      : []),
    {
      id: 'agent.search',
      label: 'Search Connector Space',
      slot: 'top',
      accessKey: 's',
      run: async () => {
        const { SearchSpaceDialog } = await import('./SearchSpaceDialog.tsx');
        openDialog((close) => <SearchSpaceDialog agent={row} onClose={close} />);
      },
    },
    {
      id: 'agent.test',
      label: 'Test Connection',
      slot: 'top',
      accessKey: 'c',
      run: async () => {
        const { AgentTestDialog } = await import('./AgentTestDialog.tsx');
        openDialog((close) => <AgentTestDialog agent={row} session={session} onClose={close} />);
      },
    },
    {
      id: 'agent.schema',
      label: 'Refresh Schema',
      slot: 'top',
      accessKey: 'e',
      run: async () => {
        const { SchemaDialog } = await import('./SchemaDialog.tsx');
        openDialog((close) => <SchemaDialog agent={row} onClose={close} />);
      },
    },
    exportVerb({ session }, [`agents/${row.id}`]),
    {
      id: 'agent.delete',
      label: 'Delete',
      slot: 'edit',
      accessKey: 'd',
      shortcut: 'Delete',
      run: () => openDeleteAgent(row, services),
    },
    {
      id: 'agent.rename',
      label: 'Rename',
      slot: 'edit',
      accessKey: 'n',
      shortcut: 'F2',
      run: async () => {
        const { RenameAgentDialog } = await import('./RenameAgentDialog.tsx');
        openDialog((close) => <RenameAgentDialog agent={row} onClose={close} />);
      },
    },
    propertiesVerb({
      id: 'agent.properties',
      run: async () => {
        const [{ AgentSheet }, reading] = await Promise.all([
          import('./sheet/AgentSheet.tsx'),
          session.client.call('configuration.get', {}),
        ]);
        openDialog((close) => <AgentSheet id={row.id} name={row.name} reading={reading} onClose={close} />);
      },
    }),
  ];
}

function nameOf(rows: readonly AgentRow[]): string {
  return rows.length === 1 ? `"${rows[0]?.name}"` : `${rows.length} management agents`;
}
