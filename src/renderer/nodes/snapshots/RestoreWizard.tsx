import { Checkbox, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';

import { Wizard } from '#console/Wizard.tsx';
import type { RestorePlan } from '#shared/contract/snapshots.ts';

import { NoticeList } from './NoticeList.tsx';

const useStyles = makeStyles({
  step: { display: 'flex', flexDirection: 'column', gap: '2px' },
  detail: {
    paddingLeft: '32px',
    color: tokens.colorNeutralForeground2,
    whiteSpace: 'pre-line',
    overflowWrap: 'anywhere',
    userSelect: 'text',
  },
});

const actWords = { create: 'Create', change: 'Change', delete: 'Delete' } as const;

function needWords({
  key,
  needsPassword,
  needsFullImport,
}: Pick<RestorePlan['steps'][number], 'key' | 'needsPassword' | 'needsFullImport'>): string {
  const secret = key.startsWith('mappings/') ? 'its credentials' : 'its password';
  return [needsPassword ? secret : '', needsFullImport ? 'a full import' : ''].filter(Boolean).join(' and ');
}

export interface RestoreWizardProps {
  readonly plan: RestorePlan;
  /** Keys of the chosen steps; undefined for all. */
  onRestore(parts: readonly string[] | undefined): Promise<void>;
  onClose(): void;
}

/** Restore: choose the steps, see what they need, carry them out whole or not at all. */
export function RestoreWizard({ plan, onRestore, onClose }: RestoreWizardProps) {
  const styles = useStyles();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const chosen = plan.steps.filter(({ key }) => !left.has(key));
  const toggle = (key: string): void => {
    const next = new Set(left);
    if (!next.delete(key)) next.add(key);
    setLeft(next);
  };
  const errors = plan.mistakes.filter(({ severity }) => severity === 'error');
  const needs = chosen.filter(({ needsPassword, needsFullImport }) => needsPassword || needsFullImport);
  return (
    <Wizard
      title="Restore Configuration"
      finish="Restore"
      onFinish={() => onRestore(left.size === 0 ? undefined : chosen.map(({ key }) => key))}
      onClose={onClose}
      steps={[
        {
          id: 'choose',
          title: 'What is restored',
          invalid: chosen.length === 0,
          lack: plan.steps.length === 0 ? 'There is nothing to restore' : 'Select what is restored',
          content:
            plan.steps.length === 0 ? (
              <span>{`Nothing differs from ${plan.source}.`}</span>
            ) : (
              plan.steps.map(({ key, act, kind, name, details }) => (
                <div key={key} className={styles.step}>
                  <Checkbox
                    label={`${actWords[act]} ${kind === name ? kind : `${kind} "${name}"`}`}
                    checked={!left.has(key)}
                    onChange={() => toggle(key)}
                  />
                  {details.map((detail) => (
                    <span key={detail} className={styles.detail}>
                      {detail}
                    </span>
                  ))}
                </div>
              ))
            ),
        },
        {
          id: 'confirm',
          title: 'What follows',
          invalid: false,
          content: (
            <>
              <span>{`${chosen.length} ${chosen.length === 1 ? 'step' : 'steps'} from ${plan.source}. What is in force now is kept; Undo Restore or Import brings it back.`}</span>
              <NoticeList
                notices={[
                  ...errors.map(({ path, message, fix }) => ({
                    icon: 'danger' as const,
                    title: `${path}: ${message}`,
                    detail: fix,
                  })),
                  ...needs.map(({ name, ...step }) => ({
                    icon: 'warning' as const,
                    title: `"${name}" needs ${needWords(step)}.`,
                  })),
                  ...plan.notRestored.map(({ name, reason, fix }) => ({
                    icon: 'warning' as const,
                    title: `${name} is not restored: ${reason}.`,
                    detail: fix,
                  })),
                ]}
              />
            </>
          ),
        },
      ]}
    />
  );
}
