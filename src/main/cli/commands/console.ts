import { once } from 'node:events';
import { dirname, join } from 'node:path';

import type { Command } from 'commander';

import { findPage } from '#host/console/find-page.ts';
import { openConsole } from '#host/console/open-console.ts';
import { knownServerFiles } from '#host/remote/known-servers.ts';
import { joinPorts } from '#shared/rpc/join-ports.ts';

import { onRun } from '../on-run.ts';
import type { Terminal } from '../terminal.ts';

export function addConsoleCommand(program: Command, terminal: Terminal): void {
  onRun(
    terminal,
    program
      .command('console')
      .description('Open the console of the running service, or of a server; Ctrl+C closes it'),
    async (session) => {
      // Tells at once where no service runs, where it belongs to somebody else, or is out of reach.
      (await session.dial('console')).close('Tried');
      const dataDirectory =
        session.server === undefined
          ? session.dataDirectory
          : join(dirname(knownServerFiles(terminal.env).own), 'console');
      const opened = await openConsole({
        page: findPage(),
        dataDirectory,
        environment: terminal.env,
        ways: { here: async (page) => joinPorts(page, await session.dial('console')) },
      });
      session.note(opened.words);
      if (!terminal.interrupted.aborted) await once(terminal.interrupted, 'abort');
      await opened.close();
    },
  );
}
