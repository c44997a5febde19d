import {
  FluentProvider,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStaticStyles,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useEffect, useMemo, useRef } from 'react';

import { Console } from '#console/Console.tsx';
import { type ConsoleServices, useConsole } from '#console/console-context.ts';
import { createConsoleStore } from '#console/console-store.ts';
import type { Verb } from '#console/verb.ts';
import { rootNode } from '#nodes/root/root-node.tsx';
import { openOptions } from '#nodes/tools/open-options.tsx';
import { findConsoleHost } from '#state/console-host.ts';
import { refreshAll } from '#state/refreshes.ts';
import type { Session } from '#state/session.ts';
import { SessionContext, useConnection } from '#state/session-context.ts';
import { useReading } from '#state/use-reading.ts';

import { type FileVerbsParts, fileVerbs, showConsoleFile } from './file-verbs.tsx';
import { keepUnsaved } from './keep-unsaved.ts';
import { localArrangement } from './local-arrangement.ts';
import { showNativeMenus } from './native-menus.ts';
import { openWindowAt } from './start-place.ts';
import { darkTheme, lightTheme } from './theme.ts';
import { useDark } from './use-dark.ts';

const usePage = makeStaticStyles({
  body: { margin: 0, overflow: 'hidden' },
  '*': { boxSizing: 'border-box' },
});

const useStyles = makeStyles({
  app: { fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200, height: '100vh' },
});

export interface AppProps {
  readonly session: Session;
  /** Path of the node that the tree begins with, where another window said so. */
  readonly startRoot?: string | undefined;
}

/** The window: theme, session and the one console with all nodes. */
export function App({ session, startRoot }: AppProps) {
  usePage();
  const styles = useStyles();
  const dark = useDark();
  return (
    // Portals copy the provider's class: what sizes the window lies one element further in.
    <FluentProvider theme={dark ? darkTheme : lightTheme}>
      <div className={styles.app}>
        <SessionContext value={session}>
          <Window session={session} startRoot={startRoot} />
        </SessionContext>
      </div>
    </FluentProvider>
  );
}

function Window({ session, startRoot }: AppProps) {
  // The tree is declared once; its verbs reach the console's services when they run.
  const services = useRef<ConsoleServices | undefined>(undefined);
  const root = useMemo(
    () =>
      rootNode({
        session,
        openDialog: (render) => services.current?.openDialog(render),
        notify: (toast) => services.current?.notify(toast),
        startTask: (task) => services.current?.startTask(task),
      }),
    [session],
  );
  const store = useMemo(() => createConsoleStore(root.id, localArrangement(startRoot)), [root, startRoot]);
  const fileMenu = useMemo(() => fileVerbs({ session, store, services }), [session, store]);
  const onMenus = useMemo(() => {
    const host = findConsoleHost();
    return host === undefined ? undefined : showNativeMenus(host);
  }, []);
  useEffect(keepUnsaved, []);
  useEffect(() => {
    void showStartFile({ session, store, services });
  }, [session, store]);
  const { value: status } = useReading('system.status', {}, ['system.changed', 'configuration.changed']);
  const offline = status === undefined ? { disabled: 'There is no connection to the service' } : {};
  const toolVerbs: readonly Verb[] = [
    {
      id: 'tools.options',
      label: 'Options',
      slot: 'top',
      accessKey: 'o',
      ...offline,
      run: async () => {
        const { current } = services;
        if (current !== undefined) await openOptions({ ...current, session });
      },
    },
  ];
  return (
    <Console
      root={root}
      store={store}
      fileVerbs={fileMenu}
      toolVerbs={toolVerbs}
      status={<ServiceCatcher services={services} host={status?.host} />}
      band={<LostBand />}
      onRefresh={refreshAll}
      onMenus={onMenus}
      onNewWindow={(at) => openWindowAt({ root: at, destination: session.store.getState().destination })}
      onHelp={(page) => {
        const host = findConsoleHost();
        if (host === undefined) window.open(`help/${page}.html`, '_blank', 'noopener');
        else host.showHelp(page);
      }}
    />
  );
}

/** The console file that this window was opened with. */
async function showStartFile({ session, store, services }: FileVerbsParts): Promise<void> {
  try {
    const file = await findConsoleHost()?.startFile();
    if (file) await showConsoleFile(file, { session, store });
  } catch (error) {
    const body = error instanceof Error ? error.message : 'It cannot be read';
    services.current?.notify({ tone: 'problem', title: 'The console file cannot be opened', body });
  }
}

interface ServiceCatcherProps {
  readonly services: { current: ConsoleServices | undefined };
  readonly host: string | undefined;
}

/** The connection's name in the status bar; lies inside the console and so knows its services. */
function ServiceCatcher({ services, host }: ServiceCatcherProps) {
  services.current = useConsole();
  const connection = useConnection();
  if (connection.state === 'connected')
    return <span>{host === undefined ? 'Connected' : `Connected to ${host}`}</span>;
  return <span>{connection.state === 'lost' ? 'Not connected' : 'Connecting...'}</span>;
}

function LostBand() {
  const connection = useConnection();
  if (connection.state !== 'lost') return null;
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>The connection to the service is lost</MessageBarTitle> {connection.reason}. It comes
        back by itself; open sheets keep their edits.
      </MessageBarBody>
    </MessageBar>
  );
}
