import type { Command } from 'commander';

import { AppError } from '#shared/model/app-error.ts';

import { onRun } from '../on-run.ts';
import { parseNumber } from '../parse-number.ts';
import { readSecret } from '../read-secret.ts';
import type { Terminal } from '../terminal.ts';

interface TestOptions {
  readonly parameter: readonly string[];
  readonly object?: string;
  readonly credential?: boolean;
  readonly timeout: number;
}

const marks = { ok: 'ok     ', failed: 'FAILED ', skipped: 'skipped' } as const;

export function addExtensionCommand(program: Command, terminal: Terminal): void {
  const extension = program.command('extension').description('Programs that connect other systems');

  onRun<[string, string[]], TestOptions>(
    terminal,
    extension
      .command('test')
      .argument('<command>', 'what starts the extension')
      .argument('[arguments...]', 'its arguments, behind --')
      .option('--parameter <name=value>', 'what it is told when it opens; may repeat', collect, [])
      .option('--object <anchor>', 'an object whose password may be set to a random one')
      .option('--credential', 'give it a password to sign in with, read from standard input or a prompt')
      .option('--timeout <seconds>', 'how long one request may take', parseNumber(1, 600), 10)
      .description('Check an extension against the protocol and print what fails'),
    async (session, [command, words], { parameter, object, credential, timeout }) => {
      const secret = credential ? await readSecret(terminal, 'Password of the extension') : undefined;
      const { testExtensionCommand } = await import('#host/test-extension.ts');
      const report = await testExtensionCommand({
        command,
        arguments: words,
        parameters: parameter,
        object,
        credential: secret,
        timeout,
      });
      session.print(report, ({ checks }) =>
        checks.map(({ what, result, detail }) => `${marks[result]} ${what}: ${detail}`).join('\n'),
      );
      const failed = report.checks.filter(({ result }) => result === 'failed').length;
      if (failed > 0)
        throw new AppError('damaged', `${failed} of ${report.checks.length} checks failed`, {
          fix: 'docs/extensions.md describes the protocol.',
        });
    },
  );
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
