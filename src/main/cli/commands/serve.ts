import { resolve } from 'node:path';

import type { Command } from 'commander';

import { onRun } from '../on-run.ts';
import type { Terminal } from '../terminal.ts';

export function addServeCommand(program: Command, terminal: Terminal): void {
  onRun<[], { config?: string }>(
    terminal,
    program
      .command('serve')
      .option('--config <file>', "configuration file; the data directory's carillon.json where absent")
      .description('Run the service until SIGTERM or Ctrl+C; SIGHUP reads the configuration again'),
    async (session, _, { config }) => {
      const { runService } = await import('#host/run-service.ts');
      await runService({
        dataDirectory: session.dataDirectory,
        configurationFile: config === undefined ? undefined : resolve(config),
      });
    },
  );
}
