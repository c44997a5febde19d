import { createPaint, type Paint } from './output/paint.ts';

/** The process as commands see it. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  readonly paint: Paint;
  /** Ends with Ctrl+C; a command that waits gives up then. */
  readonly interrupted: AbortSignal;
}

export function openTerminal(): Terminal {
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  const { stdin, stdout, stderr, env } = process;
  // A reader that closed early, `carillon events | head`, is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return { stdin, stdout, stderr, env, paint: createPaint(stdout), interrupted: abort.signal };
}
