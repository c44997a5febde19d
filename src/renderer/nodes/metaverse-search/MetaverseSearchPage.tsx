import { makeStyles } from '@fluentui/react-components';

import { useConsole } from '#console/console-context.ts';
import { useSession } from '#state/session-context.ts';

import { objectWindows } from '../identity/object-windows.tsx';
import { PersonFinder } from '../identity/PersonFinder.tsx';
import { useAttempt } from '../identity/use-attempt.ts';

const useStyles = makeStyles({
  page: { padding: '12px', display: 'flex', flexDirection: 'column', height: '100%', minHeight: 0 },
});

export function MetaverseSearchPage() {
  const styles = useStyles();
  const session = useSession();
  const { openDialog } = useConsole();
  const attempt = useAttempt();
  return (
    <div className={styles.page}>
      <PersonFinder
        onOpen={({ id }) =>
          attempt('Metaverse Object Properties', () => objectWindows(session, openDialog).openPerson(id))
        }
      />
    </div>
  );
}
