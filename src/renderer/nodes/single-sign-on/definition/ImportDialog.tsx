import { Button } from '@fluentui/react-components';
import { useState } from 'react';

import { ConsoleDialog } from '#console/ConsoleDialog.tsx';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import type { DefinitionKind } from '#shared/contract/sso-bulk.ts';
import { ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { useSession } from '#state/session-context.ts';
import { ChoiceField } from '#ui/ChoiceField.tsx';

import { ReadTable } from '../../lists/ReadTable.tsx';
import { toolCommand } from './tool-command.ts';

export interface ImportDialogProps {
  readonly kind: DefinitionKind;
  readonly file: string;
  readonly definitions: readonly {
    readonly name: string;
    readonly values: Readonly<Record<string, unknown>>;
  }[];
  /** Names that there are already. */
  readonly known: readonly string[];
  onClose(): void;
}

const choices: Readonly<Record<'create' | 'update', string>> = {
  create: 'Create what the file defines',
  update: 'Change what there is as the file says',
};

/** Import: shows what a file would make or change before it does. */
export function ImportDialog({ kind, file, definitions, known, onClose }: ImportDialogProps) {
  const session = useSession();
  const names = new Set(known.map((name) => name.toLowerCase()));
  const isKnown = (name: string): boolean => names.has(name.toLowerCase());
  const [way, setWay] = useState<'create' | 'update'>(
    definitions.every(({ name }) => isKnown(name)) ? 'update' : 'create',
  );
  const [problem, setProblem] = useState<Problem>();
  const isApplications = kind === 'applications';
  const problemWith = (name: string, values: Readonly<Record<string, unknown>>): string => {
    if (way === 'update') return isKnown(name) ? '' : 'There is none of this name';
    if (isKnown(name)) return 'There is one of this name already';
    const schema = isApplications ? ssoApplicationSchema : ssoAdapterSchema;
    const [issue] = schema.safeParse({ ...values, name }).error?.issues ?? [];
    return issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`;
  };
  const rows = definitions.map(({ name, values }) => ({ name, values, problem: problemWith(name, values) }));
  const enabled = definitions.filter(({ values }) => values['enabled'] === true).map(({ name }) => name);
  const run = async (): Promise<void> => {
    const { client } = session;
    try {
      const [bad] = rows.filter((row) => row.problem !== '');
      if (bad !== undefined) throw new Error(`${bad.name}: ${bad.problem}`);
      const updates = definitions.map(({ name, values }) => ({ name, changes: { ...values } }));
      // What is made starts disabled; a file that enables it means the step after.
      const fresh = definitions.map(({ name, values }) => ({ ...values, name, enabled: false }));
      const enable = enabled.map((name) => ({ name, changes: { enabled: true } }));
      if (isApplications && way === 'create') {
        const applications = fresh.map((each) => ssoApplicationSchema.parse(each));
        await client.call('sso.createApplications', { applications, enable: enabled });
      } else if (isApplications) await client.call('sso.updateApplications', { updates });
      else {
        if (way === 'create') {
          const adapters = fresh.map((each) => ssoAdapterSchema.parse(each));
          await client.call('sso.createAdapters', { adapters });
        }
        const wanted = way === 'create' ? enable : updates;
        if (wanted.length > 0) await client.call('sso.updateAdapters', { updates: wanted });
      }
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <ConsoleDialog
      title={isApplications ? 'Import Applications' : 'Import Adapters'}
      help={isApplications ? 'affiliate-applications' : 'password-management'}
      width="560px"
      command={
        isApplications
          ? toolCommand('ssomanage', way === 'create' ? '-createapps' : '-updateapps', file)
          : toolCommand('ssops', way === 'create' ? '-create' : '-update', file)
      }
      onClose={onClose}
      buttons={
        <>
          <Button
            size="small"
            appearance="primary"
            disabled={definitions.length === 0}
            onClick={() => void run()}
          >
            Import
          </Button>
          <Button size="small" onClick={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <ChoiceField label={`"${file}":`} value={way} choices={choices} onChange={setWay} />
      <ReadTable
        caption="Definitions in the file"
        headings={['Name', 'After the import', 'Problem']}
        rows={rows.map(({ name, values, problem: why }) => [
          name,
          enabledWords(values['enabled'], way === 'create'),
          why,
        ])}
        empty="The file defines nothing."
      />
      <ProblemBar problem={problem} />
    </ConsoleDialog>
  );
}

function enabledWords(value: unknown, isNew: boolean): string {
  if (value === true) return 'Enabled';
  return value === false || isNew ? 'Disabled' : 'Unchanged';
}
