import { Button, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';
import { ProblemBar } from '#console/ProblemBar.tsx';
import { type Problem, problemOf } from '#console/problem-of.ts';
import { Wizard, type WizardStep } from '#console/Wizard.tsx';
import type { MadeMapping } from '#shared/contract/sso-bulk.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';
import { useSession } from '#state/session-context.ts';
import { CheckField } from '#ui/CheckField.tsx';
import { ChoiceField } from '#ui/ChoiceField.tsx';
import { FactList } from '#ui/FactList.tsx';
import { Icon } from '#ui/Icon.tsx';
import { LinesField } from '#ui/LinesField.tsx';
import { TextField } from '#ui/TextField.tsx';

import { pickFile } from '../../snapshots/pick-file.ts';
import { toolCommand } from '../definition/tool-command.ts';
import { CreatePage } from './CreatePage.tsx';
import {
  firstAnswers,
  goodMappings,
  holdsAccounts,
  holdsRules,
  type MappingAnswers,
  ruleWords,
} from './mapping-answers.ts';
import { mappingCount } from './mapping-count.ts';
import { NameRulesFields } from './NameRulesFields.tsx';
import { PlanPage } from './PlanPage.tsx';

const sources = { generate: 'Generate new mappings file', file: 'Use an existing mappings file' };
const passwords: Readonly<Record<MappingAnswers['password'], string>> = {
  none: 'Do not set',
  'external-name': 'Same as external name',
  'windows-account': 'Define from Windows user account',
  fixed: 'Fixed value',
};

const useStyles = makeStyles({ row: { display: 'flex', gap: '8px', alignItems: 'center' } });

export interface MappingWizardProps {
  readonly application: SsoApplication;
  onClose(): void;
}

/** Create New Mappings: of the users of a group or of a file, with a preview, passwords and a log. */
export function MappingWizard({ application, onClose }: MappingWizardProps) {
  const styles = useStyles();
  const session = useSession();
  const [answers, setAnswers] = useState<MappingAnswers>(() => firstAnswers(application));
  const [made, setMade] = useState<readonly MadeMapping[]>([]);
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [found, setFound] = useState<string>();
  const set = (part: Partial<MappingAnswers>): void => setAnswers((before) => ({ ...before, ...part }));
  const { source, file, accounts, rules, plan, password } = answers;
  const generates = source === 'generate';
  const sample = plan?.[0]?.windowsAccount ?? `${accounts[0]?.split('\\')[0] || 'DOMAIN'}\\jdoe`;
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setProblem(undefined);
    await work().catch((error: unknown) => setProblem(problemOf(error)));
  };

  const openFile = (): Promise<void> =>
    attempt(async () => {
      const picked = await pickFile('.xml,application/xml,text/xml');
      if (picked === undefined) return;
      const mappings = await session.client.call('sso.readMappingFile', {
        file: picked.name,
        text: picked.text,
      });
      const isOurs = (name: string): boolean => name.toLowerCase() === application.name.toLowerCase();
      setMade([]);
      set({
        file: picked.name,
        plan: mappings.map(({ application: name, windowsAccount, externalUser }) => ({
          windowsAccount,
          externalUser,
          ...(isOurs(name) ? {} : { problem: `Belongs to the application ${name}` }),
        })),
      });
    });
  const validate = (): Promise<void> =>
    attempt(async () => {
      const empty: string[] = [];
      for (const account of accounts) {
        const input = { application: application.name, accounts: [account], rules, limit: 1 };
        if ((await session.client.call('sso.planMappings', input)).length === 0) empty.push(account);
      }
      setFound(empty.length === 0 ? 'Every account has users.' : `No user was found in ${empty.join(', ')}.`);
    });

  const isWrongAccounts = !holdsAccounts(accounts);
  const isWrongFixed =
    password === 'fixed' && (answers.fixed === '' || answers.fixed !== answers.confirmation);
  const steps: readonly (WizardStep | false)[] = [
    {
      id: 'file',
      title: 'Mappings File Option',
      invalid: !generates && plan === undefined,
      content: (
        <>
          <FactList
            facts={[
              { term: 'Affiliate Application:', value: application.name },
              { term: 'Description:', value: application.description },
            ]}
          />
          <ChoiceField
            label="Mappings:"
            value={source}
            choices={sources}
            onChange={(choice) => set({ source: choice, file: undefined, plan: undefined })}
          />
          {generates ? null : (
            <div className={styles.row}>
              <Button
                size="small"
                // What the wizard leads to when the file is missing; a button itself cannot be invalid.
                data-wrong={plan === undefined || undefined}
                aria-describedby="mappings-file"
                onClick={() => void openFile()}
              >
                Browse...
              </Button>
              {tried && plan === undefined ? <Icon name="danger" label="Missing" /> : null}
              <span id="mappings-file" role="status">
                {plan === undefined
                  ? 'Select the mappings file.'
                  : `"${file}" has ${mappingCount(plan.length)}.`}
              </span>
            </div>
          )}
          <ProblemBar problem={problem} />
        </>
      ),
    },
    generates && {
      id: 'accounts',
      title: 'Accounts',
      invalid: isWrongAccounts,
      content: (
        <>
          <LinesField
            label="Application Users Accounts:"
            hint="One user or group a line; groups in them count too"
            lines={accounts}
            error={tried && isWrongAccounts ? 'Enter accounts such as FABRIKAM\\Sales' : undefined}
            onChange={(lines) => {
              setFound(undefined);
              set({ accounts: [...lines], plan: undefined });
            }}
          />
          <div className={styles.row}>
            <Button size="small" disabledFocusable={isWrongAccounts} onClick={() => void validate()}>
              Validate
            </Button>
            <span role="status">{found}</span>
          </div>
          <ProblemBar problem={problem} />
        </>
      ),
    },
    generates && {
      id: 'name',
      title: 'External User Name',
      invalid: !holdsRules(rules),
      content: (
        <NameRulesFields
          rules={rules}
          sample={sample}
          result="External user:"
          onChange={(next) => set({ rules: next, plan: undefined })}
        />
      ),
    },
    {
      id: 'generate',
      title: generates ? 'Generate' : 'Preview',
      invalid: goodMappings(answers).length === 0,
      lack:
        plan === undefined ? 'Start the search for the users first' : 'None of these mappings can be created',
      content: (
        <PlanPage
          application={application.name}
          answers={answers}
          onPlan={(next) => {
            setMade([]);
            set({ plan: next });
          }}
        />
      ),
    },
    {
      id: 'options',
      title: 'Options',
      invalid: false,
      content: (
        <>
          <CheckField
            label="Enable mappings"
            checked={answers.enable}
            onChange={(enable) => set({ enable })}
          />
          <ChoiceField
            label="Set password:"
            value={password}
            choices={passwords}
            onChange={(choice) => set({ password: choice })}
          />
          {password === 'none' ? null : (
            <span>The password goes to the synchronized field; other fields stay empty.</span>
          )}
        </>
      ),
    },
    (password === 'windows-account' || password === 'fixed') && {
      id: 'password',
      title: 'Password',
      invalid: password === 'fixed' ? isWrongFixed : !holdsRules(answers.passwordRules),
      content:
        password === 'windows-account' ? (
          <NameRulesFields
            rules={answers.passwordRules}
            sample={sample}
            result="Password:"
            onChange={(passwordRules) => set({ passwordRules })}
          />
        ) : (
          <>
            <TextField
              label="Password:"
              password
              required
              value={answers.fixed}
              error={tried && answers.fixed === '' ? 'Enter a password' : undefined}
              onChange={(fixed) => set({ fixed })}
            />
            <TextField
              label="Confirm password:"
              password
              required
              value={answers.confirmation}
              error={tried && answers.fixed !== answers.confirmation ? 'Is not the same as above' : undefined}
              onChange={(confirmation) => set({ confirmation })}
            />
          </>
        ),
    },
    {
      id: 'create',
      title: 'Create',
      invalid: false,
      content: <CreatePage application={application.name} answers={answers} made={made} onMade={setMade} />,
    },
  ];

  return (
    <Wizard
      title="Create New Mappings"
      finish="Finish"
      help="mappings"
      command={commandOf(application.name, answers)}
      onTried={setTried}
      onFinish={async () => {
        set({ fixed: '', confirmation: '' });
      }}
      onClose={onClose}
      steps={steps.filter((step) => step !== false)}
    />
  );
}

function commandOf(application: string, answers: MappingAnswers): string {
  const { source, file, accounts, rules, enable, password, passwordRules } = answers;
  const mappings = file ?? `${application}-mappings.xml`;
  const plan =
    source === 'generate'
      ? [
          toolCommand(
            'ssomanage',
            '-planmappings',
            application,
            mappings,
            accounts.join(';'),
            ...ruleWords(rules),
          ),
        ]
      : [];
  const options = [
    ...(enable ? [] : ['disabled']),
    ...(password === 'none' ? [] : [`password=${password}`]),
    ...(password === 'windows-account' ? ruleWords(passwordRules) : []),
  ];
  const make = toolCommand('ssomanage', '-bulkmappings', mappings, `${application}-mappings.log`, ...options);
  return [...plan, make].join('\n');
}
