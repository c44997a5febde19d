import { PassThrough, Writable } from 'node:stream';

import { createPaint } from '#cli/output/paint.ts';
import { runCli } from '#cli/run-cli.ts';
import type { Terminal } from '#cli/terminal.ts';

/** Runs one command line in this process, which saves the start of another; `stdin` is what is piped in. */
export async function runCliHere(args: readonly string[], stdin = '', env: NodeJS.ProcessEnv = {}) {
  const [input, output, errors] = [new PassThrough(), new Kept(), new Kept()];
  input.end(stdin);
  const terminal = {
    stdin: input,
    stdout: output,
    stderr: errors,
    env,
    paint: createPaint(output as unknown as NodeJS.WriteStream),
    interrupted: new AbortController().signal,
  } as unknown as Terminal;
  const code = await runCli(args, terminal);
  return { code, stdout: output.text, stderr: errors.text };
}

/** Reads what is written at once, as a pipe does: the command may wipe it afterwards. */
class Kept extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
