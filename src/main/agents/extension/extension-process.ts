import type { Extension } from '#shared/model/agent-extension.ts';
import { AppError } from '#shared/model/app-error.ts';
import { LineDecoder } from '#shared/rpc/line-decoder.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { encodeSecretLine } from './encode-secret-line.ts';
import { ExtensionError } from './extension-error.ts';
import { type ExtensionLine, extensionLineSchema } from './extension-message.ts';
import type { ExtensionProgram } from './extension-program.ts';
import { isOwnProgram, OwnProgram } from './own-program.ts';
import { SpawnedProgram } from './spawned-program.ts';

/** Longest line that an extension may say, bytes. */
const lineLimit = 4 * 1024 * 1024;
/** How long an extension may take to end after its input was closed, milliseconds. */
const farewell = 2000;

export interface Secret {
  readonly name: string;
  readonly secret: SecretBytes;
}

export interface Exchange {
  readonly op: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Sent after the request, one line of base64 each; the caller wipes them. */
  readonly secrets?: readonly Secret[];
  readonly signal: AbortSignal;
}

/** A running extension: one request at a time over its standard input and output. */
export class ExtensionProcess {
  readonly #program: ExtensionProgram;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #decoder = new LineDecoder(lineLimit);
  readonly #lines: unknown[] = [];
  #closed = false;
  #count = 0;

  constructor(extension: Extension, onComplaint: 'ignore' | 'inherit' = 'ignore') {
    this.#program = isOwnProgram(extension.command)
      ? new OwnProgram()
      : new SpawnedProgram(extension, onComplaint);
    this.#chunks = this.#program.output[Symbol.asyncIterator]();
    void this.#program.ended.then(() => {
      this.#closed = true;
    });
    // A broken pipe shows as the end of the output.
    this.#program.input.on('error', () => undefined);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether it had to be ended. */
  get killed(): boolean {
    return this.#program.killed;
  }

  /** The line that ends the answer. Throws `ExtensionError`. */
  async ask(exchange: Exchange): Promise<ExtensionLine> {
    let last: ExtensionLine | undefined;
    for await (const line of this.converse(exchange)) last = line;
    if (last === undefined) throw new ExtensionError('garbled', 'The extension gave no answer');
    return last;
  }

  /** Every line of the answer; the last one has `ok`. An aborted signal ends the program. Throws `ExtensionError`. */
  async *converse({ op, fields, secrets = [], signal }: Exchange): AsyncGenerator<ExtensionLine> {
    this.#count += 1;
    const id = this.#count;
    const onAbort = (): void => this.kill();
    if (signal.aborted) throw interrupted(signal, false);
    signal.addEventListener('abort', onAbort, { once: true });
    let isAnswered = false;
    try {
      await this.#send(
        { id, op, ...fields, ...(secrets.length > 0 && { secrets: secrets.map(({ name }) => name) }) },
        secrets,
      );
      while (!isAnswered) {
        const line = await this.#readLine();
        if (line.id !== id)
          throw new ExtensionError('garbled', `The extension answered request ${line.id}, not ${id}`);
        if (line.ok === false) {
          isAnswered = true;
          throw new ExtensionError(line.error ?? 'extension-error', complaintOf(line.message, secrets));
        }
        isAnswered = line.ok === true;
        yield line;
      }
    } catch (error) {
      if (signal.aborted) throw interrupted(signal, true, error);
      if (error instanceof ExtensionError && isAnswered) throw error;
      this.kill();
      if (error instanceof ExtensionError) throw error;
      throw new ExtensionError('garbled', messageOf(error), { sent: true, cause: error });
    } finally {
      signal.removeEventListener('abort', onAbort);
      // Somebody stopped listening in the middle of an answer: the rest of it would be taken for the next one's.
      if (!isAnswered) this.kill();
    }
  }

  /** Closes its input and waits a little; ends it where it does not end by itself. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#program.input.end();
    const timer = setTimeout(() => this.kill(), farewell).unref();
    await this.#program.ended;
    clearTimeout(timer);
  }

  /** Ends the program and everything that it has started, at once. */
  kill(): void {
    this.#closed = true;
    this.#program.kill();
  }

  async #send(message: object, secrets: readonly Secret[]): Promise<void> {
    const lines = secrets.map(({ secret }) => encodeSecretLine(secret.bytes));
    try {
      await this.#write(Buffer.from(`${JSON.stringify(message)}\n`));
      for (const line of lines) await this.#write(line);
    } finally {
      for (const line of lines) line.fill(0);
    }
  }

  #write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#program.input.write(bytes, (error) => {
        if (error)
          reject(
            this.#program.startFailure ??
              new ExtensionError('crashed', 'The extension takes nothing any more'),
          );
        else resolve();
      });
    });
  }

  async #readLine(): Promise<ExtensionLine> {
    for (let raw = this.#lines.shift(); ; raw = this.#lines.shift()) {
      if (raw !== undefined) {
        const line = extensionLineSchema.safeParse(raw);
        if (!line.success)
          throw new ExtensionError('garbled', 'The extension said a line without a request id');
        return { ...line.data, raw };
      }
      const chunk = await this.#chunks.next().catch(() => ({ done: true as const, value: undefined }));
      if (chunk.done) {
        await this.close();
        throw (
          this.#program.startFailure ??
          new ExtensionError('crashed', `The extension ended${this.#program.ending}`, { sent: true })
        );
      }
      this.#lines.push(...this.#decoder.push(chunk.value));
    }
  }
}

function interrupted(signal: AbortSignal, sent: boolean, cause?: unknown): ExtensionError {
  const { reason } = signal;
  const isLate =
    (reason instanceof DOMException && reason.name === 'TimeoutError') ||
    (reason instanceof Error && 'word' in reason && reason.word === 'timeout');
  return isLate
    ? new ExtensionError('timeout', 'The extension was stopped at its time limit', { sent, cause })
    : new ExtensionError('aborted', 'Nobody waits for the extension any more', { sent, cause });
}

function messageOf(error: unknown): string {
  return error instanceof AppError
    ? `The extension: ${error.message}`
    : 'The extension said what cannot be read';
}

/** The extension's own words, unless they hold what nobody may read. */
function complaintOf(message: string | undefined, secrets: readonly Secret[]): string {
  if (message === undefined || message === '') return 'The extension gives no reason';
  const bytes = Buffer.from(message);
  return secrets.some(({ secret }) => secret.length > 0 && bytes.includes(Buffer.from(secret.bytes.buffer)))
    ? 'The extension gives a reason that holds the password, so it is not shown'
    : message;
}
