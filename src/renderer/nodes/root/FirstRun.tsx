import { Button, makeStyles, tokens } from '@fluentui/react-components';

import { useConsole } from '#console/console-context.ts';
import { useSession } from '#state/session-context.ts';
import { Icon } from '#ui/Icon.tsx';
import type { IconName } from '#ui/icon-paths.ts';

import { openConnectDialog } from './open-connect-dialog.tsx';
import { openLab } from './open-lab.ts';
import { openSetUpWizard } from './open-set-up-wizard.tsx';
import { openTryIt } from './open-try-it.tsx';
import { useLabStatus } from './use-lab-status.ts';

const useStyles = makeStyles({
  heading: { margin: 0, fontSize: tokens.fontSizeBase500, fontWeight: tokens.fontWeightSemibold },
  lead: { margin: '4px 0 12px', maxWidth: '620px', color: tokens.colorNeutralForeground2 },
  ways: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(280px, 1fr))', gap: '12px' },
  way: {
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
    padding: '14px 16px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderTop: `3px solid ${tokens.colorBrandStroke1}`,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  title: {
    display: 'flex',
    alignItems: 'center',
    gap: '8px',
    margin: 0,
    fontSize: tokens.fontSizeBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  words: { margin: 0, flexGrow: 1, color: tokens.colorNeutralForeground2 },
  button: { alignSelf: 'flex-start' },
});

interface Way {
  readonly icon: IconName;
  readonly title: string;
  readonly words: string;
  readonly button: string;
  readonly lack?: string | undefined;
  run(): void | Promise<void>;
}

/** Where somebody starts who has connected nothing yet: ways to a working state. */
export function FirstRun() {
  const styles = useStyles();
  const session = useSession();
  const { perform, openDialog, notify, startTask } = useConsole();
  const lab = useLabStatus();
  const services = { session, openDialog, notify, startTask };
  const ways: readonly Way[] = [
    {
      icon: 'system',
      title: 'Set up this computer',
      words:
        'This computer shall keep passwords the same. A few questions, then the first directory: Active Directory, where passwords come from.',
      button: 'Set up...',
      run: () => openSetUpWizard(services),
    },
    {
      icon: 'server',
      title: 'Connect to a server',
      words: 'Carillon runs already, as a service. Watch and steer it from here.',
      button: 'Connect...',
      run: () => openConnectDialog(services),
    },
    {
      icon: 'key',
      title: 'Try it here',
      words:
        'A sample company in files and a database: set a password, and see it arrive. Needs no server and is taken away again with its agents.',
      button: 'Try...',
      run: () => openTryIt(services),
    },
    {
      icon: 'controller',
      title: 'Open the Fabrikam lab',
      words:
        'A domain controller and two directory servers with a hundred people, in a private network of this computer. Nothing of it is real, all of it works. Takes about two minutes.',
      button: 'Open lab',
      lack:
        lab?.state === 'absent'
          ? lab.words
          : lab === undefined
            ? 'Asking whether it can run here'
            : undefined,
      run: () => openLab(services),
    },
  ];
  return (
    <section aria-labelledby="first-run">
      <h1 id="first-run" className={styles.heading}>
        Welcome to Carillon
      </h1>
      <p className={styles.lead}>
        A password that is changed in Active Directory reaches every connected directory within seconds.
        Choose how to begin; everything can be changed later.
      </p>
      <div className={styles.ways}>
        {ways.map(({ icon, title, words, button, lack, run }, index) => (
          <div key={title} className={styles.way}>
            <h2 className={styles.title}>
              <Icon name={icon} />
              {title}
            </h2>
            <p className={styles.words}>{words}</p>
            {lack === undefined ? null : <p className={styles.words}>{lack}</p>}
            <Button
              size="small"
              className={styles.button}
              appearance={index === 0 ? 'primary' : 'secondary'}
              disabled={lack !== undefined}
              onClick={() => perform({ id: 'first-run', label: title, slot: 'top', run })}
            >
              {button}
            </Button>
          </div>
        ))}
      </div>
    </section>
  );
}
