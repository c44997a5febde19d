import { once } from 'node:events';

import type { Command } from 'commander';

import { findPage } from '#host/console/find-page.ts';
import { openConsole } from '#host/console/open-console.ts';
import { dialControl } from '#host/control/dial-control.ts';
import { joinPorts } from '#shared/rpc/join-ports.ts';

import { onRun } from '../on-run.ts';
import type { Terminal } from '../terminal.ts';

export function addConsoleCommand(program: Command, terminal: Terminal): void {
  onRun(
    terminal,
    program.command('console').description('Open the console of the running service; Ctrl+C closes it'),
    async (session) => {
      const { dataDirectory } = session;
      // Tells at once where no service runs, or where it belongs to somebody else.
      (await dialControl(dataDirectory)).close('Tried');
      const opened = await openConsole({
        page: findPage(),
        dataDirectory,
        environment: terminal.env,
        ways: { here: async (page) => joinPorts(page, await dialControl(dataDirectory)) },
      });
      session.note(opened.words);
      if (!terminal.interrupted.aborted) await once(terminal.interrupted, 'abort');
      await opened.close();
    },
  );
}
