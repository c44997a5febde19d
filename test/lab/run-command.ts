import { spawn } from 'node:child_process';

export interface CommandOptions {
  /** Written to standard input, which is then closed. */
  readonly input?: string;
  /** Added to (or, as undefined, taken from) this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly directory?: string;
  /** Milliseconds until SIGKILL; default 180,000: a machine with much else to do takes its time. */
  readonly timeout?: number;
}

export interface CommandResult {
  /** Exit code; 128 when a signal ended the command. */
  readonly code: number;
  /** Which signal it was. */
  readonly signal?: NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end and never throws for its exit code. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Without a terminal, tools that ask for passwords read them from standard input.
    detached: true,
    env: { ...process.env, ...options.env },
    cwd: options.directory,
    timeout: options.timeout ?? 180_000,
    killSignal: 'SIGKILL',
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  // A command that fails early closes its input; its exit code says more than EPIPE.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({
        code: code ?? 128,
        ...(signal === null ? {} : { signal }),
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
      }),
    );
  });
}

/** Runs a command that must succeed; throws with the end of its output when it does not. */
export async function requireCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const began = Date.now();
  const result = await runCommand(command, args, options);
  if (result.code === 0) return result;
  const said = `${result.stderr}\n${result.stdout}`.trim().split('\n').slice(-12).join('\n');
  const what = [command, ...args.slice(0, 3)].join(' ');
  throw new Error(
    `${what} ended with ${result.signal ?? result.code} after ${Date.now() - began} ms: ${said}`,
  );
}
