import { CommanderError } from 'commander';

import { AppError } from '#shared/model/app-error.ts';

import { createProgram } from './create-program.ts';
import { type ExitCode, exitCodeOf } from './exit-code.ts';
import { visibleText } from './output/visible-text.ts';
import type { Terminal } from './terminal.ts';

/** Runs one command line and gives the exit code. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const json = args.includes('--json');
  try {
    await createProgram(terminal, { json }).parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said its part already, but not in JSON.
    if (!(error instanceof CommanderError)) explain(error, json, terminal);
    else if (json && error.exitCode !== 0) explain(wrongUse(error), json, terminal);
    return exitCodeOf(error);
  }
}

function wrongUse({ code, message }: CommanderError): AppError {
  if (code === 'commander.help') return new AppError('invalid_input', 'No command is named', { fix });
  const [first = '', ...rest] = message.split('\n');
  return new AppError('invalid_input', first.replace(/^error: /, ''), {
    fix: rest.join(' ').replace(/[()]/g, '') || fix,
  });
}

const fix = 'See carillon help, or --help behind a command.';

function explain(error: unknown, json: boolean, { stderr, paint }: Terminal): void {
  // Whoever pressed Ctrl+C knows.
  if (error instanceof AppError && error.code === 'cancelled') return;
  const known = error instanceof AppError ? error : undefined;
  const message = error instanceof Error ? error.message : 'Unknown failure';
  if (json) {
    const { code = 'internal', fix } = known ?? {};
    stderr.write(`${JSON.stringify({ error: { code, message, ...(fix === undefined ? {} : { fix }) } })}\n`);
    return;
  }
  stderr.write(`${paint('red', 'carillon:')} ${visibleText(message)}\n`);
  if (known?.fix !== undefined) stderr.write(`${visibleText(known.fix)}\n`);
}
