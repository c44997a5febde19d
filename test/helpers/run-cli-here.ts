import { PassThrough } from 'node:stream';

import { createPaint } from '#cli/output/paint.ts';
import { runCli } from '#cli/run-cli.ts';
import type { Terminal } from '#cli/terminal.ts';

/** Runs one command line in this process, which saves the start of another; `stdin` is what is piped in. */
export async function runCliHere(args: readonly string[], stdin = '') {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  input.end(stdin);
  const terminal = {
    stdin: input,
    stdout: output,
    stderr: errors,
    env: {},
    paint: createPaint(output as unknown as NodeJS.WriteStream),
    interrupted: new AbortController().signal,
  } as unknown as Terminal;
  const code = await runCli(args, terminal);
  const read = (stream: PassThrough): string => String(stream.read() ?? '');
  return { code, stdout: read(output), stderr: read(errors) };
}
