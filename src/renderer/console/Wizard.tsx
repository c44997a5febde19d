import { Button, Dialog, DialogSurface, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';

import { useConsole } from './console-context.ts';
import { ProblemBar } from './ProblemBar.tsx';
import { type Problem, problemOf } from './problem-of.ts';
import { useWindowStyles } from './use-window-styles.ts';
import { WindowFoot } from './WindowFoot.tsx';

const useStyles = makeStyles({
  surface: { width: '680px' },
  title: {
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  body: {
    display: 'grid',
    gridTemplateColumns: 'clamp(120px, 28vw, 190px) minmax(0, 1fr)',
    gridTemplateRows: 'minmax(0, 1fr)',
    height: '380px',
    minHeight: 0,
    flexShrink: 1,
  },
  steps: {
    margin: 0,
    padding: '12px 8px 12px 32px',
    overflow: 'auto',
    '& > li': { marginBottom: '6px' },
    backgroundColor: tokens.colorNeutralBackground2,
    color: tokens.colorNeutralForeground2,
  },
  current: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
  page: {
    padding: '12px 16px',
    overflow: 'auto',
    display: 'flex',
    flexDirection: 'column',
    gap: '10px',
    '& > button': { flexShrink: 0 },
  },
  heading: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
});

export interface WizardStep {
  readonly id: string;
  readonly title: string;
  readonly content: ReactNode;
  /** Whether some field does not hold: Next then goes to that field instead. */
  readonly invalid: boolean;
  /** What the step waits for, where no field of it can say so. */
  readonly lack?: string | undefined;
  /** Page of the guide, the wizard's own where absent. */
  readonly help?: string;
}

export interface WizardProps {
  readonly title: string;
  readonly steps: readonly WizardStep[];
  /** The verb of the last page, such as Create. */
  readonly finish: string;
  /** Told that Next or Finish was refused, so that empty fields say what they lack, and no more at the next step. */
  onTried?(tried: boolean): void;
  /** Throws what to show; the wizard stays. */
  onFinish(): Promise<void>;
  onClose(): void;
  /** Page of the guide that F1 opens. */
  readonly help?: string | undefined;
  /** The command line that does the same as the last page. */
  readonly command?: string | undefined;
}

/** Steps with a name each; nothing happens before the last one's verb. */
export function Wizard(props: WizardProps) {
  const { title, steps, finish, onTried, onFinish, onClose, help, command } = props;
  const frame = useWindowStyles();
  const styles = useStyles();
  const services = useConsole();
  const [at, setAt] = useState(0);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const [refusals, setRefusals] = useState(0);
  const page = useRef<HTMLDivElement>(null);
  const step = steps[at];
  const last = at === steps.length - 1;
  const [refused, refuse] = useState<string>();

  const lack = step?.invalid && refused === step.id ? step.lack : undefined;

  useEffect(() => {
    if (refusals > 0) page.current?.querySelector<HTMLElement>('[aria-invalid=true], [data-wrong]')?.focus();
  }, [refusals]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step starts at its first field
  useEffect(() => {
    page.current?.querySelector<HTMLElement>('input:not(:disabled), select, textarea')?.focus();
  }, [at]);

  const turn = (to: number): void => {
    setAt(to);
    setProblem(undefined);
    refuse(undefined);
    onTried?.(false);
  };
  const go = async (): Promise<void> => {
    // By Enter; the button is disabled.
    if (busy) return;
    if (step?.invalid) {
      onTried?.(true);
      refuse(step.id);
      setRefusals((count) => count + 1);
      return;
    }
    if (!last) return turn(at + 1);
    setBusy(true);
    try {
      await onFinish();
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  };
  const back = (): void => turn(Math.max(0, at - 1));

  const onKeyDown = (event: KeyboardEvent): void => {
    const act =
      event.key === 'Escape'
        ? onClose
        : event.key === 'F1'
          ? () => services.help(step?.help ?? help ?? 'start')
          : event.key === 'Enter' && event.target instanceof HTMLInputElement
            ? () => void go()
            : event.altKey && event.key.toLowerCase() === 'b'
              ? back
              : event.altKey && event.key.toLowerCase() === 'n' && !last
                ? () => void go()
                : undefined;
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  return (
    <Dialog open modalType="modal">
      <DialogSurface
        className={mergeClasses(frame.surface, styles.surface)}
        aria-label={title}
        onKeyDown={onKeyDown}
        backdrop={{ style: { backgroundColor: 'transparent' } }}
      >
        <h1 className={mergeClasses(frame.title, styles.title)}>{title}</h1>
        <div className={styles.body}>
          <ol className={styles.steps} aria-label="Steps">
            {steps.map(({ id, title: name }, index) => (
              <li
                key={id}
                aria-current={index === at ? 'step' : undefined}
                className={mergeClasses(index === at && styles.current)}
              >
                {name}
              </li>
            ))}
          </ol>
          <div ref={page} className={styles.page}>
            <h2 className={styles.heading}>{step?.title}</h2>
            {step?.content}
          </div>
        </div>
        <ProblemBar problem={lack === undefined ? problem : { message: lack }} />
        <WindowFoot command={command}>
          <Button size="small" disabled={at === 0} onClick={back}>
            Back
          </Button>
          <Button size="small" appearance="primary" disabled={busy} onClick={() => void go()}>
            {last ? finish : 'Next'}
          </Button>
          <Button size="small" onClick={onClose}>
            Cancel
          </Button>
        </WindowFoot>
      </DialogSurface>
    </Dialog>
  );
}
