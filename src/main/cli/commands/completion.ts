import { Argument, type Command } from 'commander';

import { createCompletionScript, shells } from '../completion/completion-script.ts';
import { onRun } from '../on-run.ts';
import type { Terminal } from '../terminal.ts';

export function addCompletionCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('completion')
    .addArgument(new Argument('<shell>', 'shell to complete in').choices(shells))
    .description('Print a completion script');
  onRun<[string]>(terminal, command, async (_, [shell]) => {
    terminal.stdout.write(createCompletionScript(program, shell));
  });
}
