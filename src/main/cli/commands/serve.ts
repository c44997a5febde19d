import { join } from 'node:path';

import type { Command } from 'commander';

import { onRun } from '../on-run.ts';
import type { Terminal } from '../terminal.ts';

export function addServeCommand(program: Command, terminal: Terminal): void {
  onRun<[], { config?: string }>(
    terminal,
    program
      .command('serve')
      .option('--config <file>', 'configuration file', undefined)
      .description('Run the service until SIGTERM or Ctrl+C; SIGHUP reads the configuration again'),
    async (session, _, { config }) => {
      const { runService } = await import('#host/run-service.ts');
      await runService({
        dataDirectory: session.dataDirectory,
        configurationFile: config ?? join(session.dataDirectory, 'carillon.json'),
      });
    },
  );
}
