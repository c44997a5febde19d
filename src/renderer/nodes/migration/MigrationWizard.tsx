import { useState } from 'react';

import { Wizard } from '#console/Wizard.tsx';
import type { MigrationPreview } from '#shared/contract/migration.ts';
import { encodeSecret } from '#state/encode-secret.ts';
import type { Session } from '#state/session.ts';
import { ConnectionsPage } from './ConnectionsPage.tsx';
import { counted } from './counted.ts';
import { ExportsPage } from './ExportsPage.tsx';
import { MappingPage } from './MappingPage.tsx';
import { type MigrationAnswers, noAnswers } from './migration-answers.ts';
import type { PickedFile } from './pick-exports.ts';

/** What came over, and the agents whose connection is worth a test. */
export interface ImportedObjects {
  readonly agents: readonly string[];
  readonly definitions: readonly string[];
  readonly before: number;
  readonly tested: readonly { readonly id: string; readonly name: string }[];
}

export interface MigrationWizardProps {
  readonly session: Session;
  onImported(done: ImportedObjects): void;
  onClose(): void;
}

/** Migrate: pick the exports, see what comes over, map agents to kinds, type passwords, test, import in one step. */
export function MigrationWizard({ session, onImported, onClose }: MigrationWizardProps) {
  const { client } = session;
  const [preview, setPreview] = useState<MigrationPreview>();
  const [answers, setAnswers] = useState(noAnswers);
  const [passwords, setPasswords] = useState<Readonly<Record<string, string>>>({});
  const [revision, setRevision] = useState('');
  const agents = preview?.agents.filter(({ id, kind }) => kind !== undefined && !answers.left.has(id)) ?? [];
  const definitions =
    preview?.definitions.filter(
      ({ key, exists, problem }) => !exists && problem === undefined && !answers.left.has(key),
    ) ?? [];
  const asking = agents.filter(({ needsPassword }) => needsPassword);
  const isEmpty =
    agents.length + definitions.length === 0 && !answers.options && !(answers.mappings && preview?.mappings);

  const look = async (kinds: Readonly<Record<string, string>>): Promise<void> => {
    const reading = await client.call('configuration.get', {});
    setPreview(await client.call('migration.preview', { kinds }));
    setRevision(reading.revision);
  };
  const add = async (files: readonly PickedFile[]): Promise<void> => {
    // The exports of an earlier migration are no part of this one.
    for (const [index, file] of files.entries())
      await client.call('migration.upload', { ...file, fresh: preview === undefined && index === 0 });
    await look(answers.kinds);
  };
  const change = async (next: MigrationAnswers): Promise<void> => {
    setAnswers(next);
    if (next.kinds !== answers.kinds) await look(next.kinds);
  };
  const bringOver = async (): Promise<void> => {
    const done = await client.call('migration.import', {
      agents: agents.map(({ id }) => id),
      kinds: answers.kinds,
      definitions: definitions.map(({ key }) => key),
      mappings: answers.mappings,
      options: answers.options,
      revision,
    });
    for (const { id } of asking) {
      const text = passwords[id] ?? '';
      if (text !== '') await client.call('credentials.set', { agent: id, secret: encodeSecret(text) });
    }
    onImported({ ...done, tested: agents.map(({ id, name }) => ({ id, name })) });
  };

  return (
    <Wizard
      title="Migrate"
      finish="Import"
      help="snapshots"
      command="carillon migrate import"
      onFinish={bringOver}
      onClose={onClose}
      steps={[
        {
          id: 'exports',
          title: 'Exports',
          invalid: preview === undefined,
          lack: 'Add the files of an export first',
          content: <ExportsPage files={preview?.files ?? []} onAdd={add} />,
        },
        {
          id: 'mapping',
          title: 'What comes over',
          invalid: isEmpty,
          lack: 'Nothing is selected to come over',
          content:
            preview === undefined ? null : (
              <MappingPage preview={preview} answers={answers} onChange={change} />
            ),
        },
        {
          id: 'connections',
          title: 'Connections',
          invalid: false,
          content: (
            <ConnectionsPage
              session={session}
              agents={agents}
              kinds={answers.kinds}
              passwords={passwords}
              onPassword={(id, text) => setPasswords({ ...passwords, [id]: text })}
            />
          ),
        },
        {
          id: 'import',
          title: 'Import',
          invalid: false,
          content: (
            <>
              <span>{`Made in one step: ${counted(agents.length, 'management agent')}, ${counted(definitions.length, 'definition')} of single sign-on${answers.mappings ? `, ${counted(preview?.mappings ?? 0, 'mapping')}` : ''}.`}</span>
              <span>
                Agents come over in shadow mode: every password change for them is decided and reported, and
                none is written, until Switch to Live. Definitions come over disabled.
              </span>
              <span>
                What is in force now is kept in the snapshots; Undo Restore or Import brings it back. Every
                connection is tested after the import.
              </span>
            </>
          ),
        },
      ]}
    />
  );
}
