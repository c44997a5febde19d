import { isAbsolute, resolve, win32 } from 'node:path';

import type { Command } from 'commander';
import { dialControl } from '#host/control/dial-control.ts';
import { defaultDataDirectory } from '#host/data-directory.ts';
import { describeErrorChain } from '#host/log/error-chain.ts';
import { type CarillonContract, carillonContract } from '#shared/contract/carillon-contract.ts';
import { AppError } from '#shared/model/app-error.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';
import type { Port } from '#shared/rpc/port.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { visibleText } from './output/visible-text.ts';
import type { Terminal } from './terminal.ts';

export type CarillonClient = Client<CarillonContract>;

interface GlobalOptions {
  readonly data?: string;
  readonly json?: boolean;
  readonly server?: string;
}

/** One run of one command: its terminal, its global options, and its connection. */
export class Session {
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly #dataDirectory: string;
  readonly #hasData: boolean;
  readonly #sent: SecretBytes[] = [];
  #server: string | undefined;

  constructor(terminal: Terminal, command: Command) {
    const { data, json, server } = command.optsWithGlobals<GlobalOptions>();
    this.terminal = terminal;
    this.#dataDirectory = resolve(data ?? defaultDataDirectory(terminal.env));
    this.#hasData = data !== undefined;
    this.#server = server;
    this.json = json ?? false;
    if (data !== undefined && server !== undefined)
      throw new AppError('invalid_input', 'Either --data or --server, not both');
  }

  /** Server on another computer that the command is for. */
  get server(): string | undefined {
    return this.#server;
  }

  /** Throws `AppError` `invalid_input` where the command is for a server on another computer. */
  get dataDirectory(): string {
    if (this.#server === undefined) return this.#dataDirectory;
    throw new AppError('invalid_input', 'This command works with files of this computer, not with a server', {
      fix: 'Run it on the server itself, without --server.',
    });
  }

  /** Takes the server that was set for single sign-on where the command line names none. */
  async preferDefaultServer(): Promise<void> {
    if (this.#server !== undefined || this.#hasData) return;
    const { findDefaultServer } = await import('./remote-session.ts');
    this.#server = findDefaultServer(this.terminal.env);
  }

  /** A file that the service reads or writes: relative to here, where the service is on this computer. */
  servicePath(file: string): string {
    if (this.#server === undefined) return resolve(file);
    if (isAbsolute(file) || win32.isAbsolute(file)) return file;
    throw new AppError('invalid_input', `"${file}" would be a file of the server ${this.#server}`, {
      fix: 'Give the full path that it shall have there.',
    });
  }

  /**
   * A secret as the connection carries it: bytes to another computer, base64 over the control socket, whose frames are
   * JSON.
   */
  encodeSecret(secret: SecretBytes): string | Uint8Array<ArrayBuffer> {
    if (this.#server === undefined) return Buffer.from(secret.bytes.buffer).toString('base64');
    const copy = SecretBytes.copy(secret.bytes);
    this.#sent.push(copy);
    return copy.bytes;
  }

  /** Prints a result: as JSON for programs, or as `render` says it for people. */
  print<T>(value: T, render: (value: T) => string): void {
    const text = this.json ? JSON.stringify(value, null, 2) : this.#shown(render(value));
    if (text !== '') this.terminal.stdout.write(`${text}\n`);
  }

  /** One line of a stream of results. */
  printLine<T>(value: T, render: (value: T) => string): void {
    this.terminal.stdout.write(`${this.json ? JSON.stringify(value) : this.#shown(render(value))}\n`);
  }

  /** Something for the person in front of the terminal, beside the result. */
  note(text: string): void {
    this.terminal.stderr.write(`${visibleText(text)}\n`);
  }

  /** What goes into a file or to a program is left as it is. */
  #shown(text: string): string {
    return this.terminal.stdout.isTTY ? visibleText(text) : text;
  }

  /** Works with the service: that of the data directory, or a server on another computer. */
  async withService<T>(work: (client: CarillonClient) => Promise<T>): Promise<T> {
    return await this.#converse(await this.dial('program'), work);
  }

  /** Works with the service, or reads its store where no service runs. */
  async withReader<T>(work: (client: CarillonClient) => Promise<T>): Promise<T> {
    const port = await this.#dialOrExplain();
    if (!(port instanceof AppError)) return await this.#converse(port, work);
    const { openReader } = await import('#host/open-reader.ts');
    const reader = openReader(this.dataDirectory, (error) => this.note(describeErrorChain(error).join(': ')));
    if (reader === undefined) throw port;
    try {
      return await this.#converse(reader.port, work);
    } finally {
      reader.close();
    }
  }

  /** Connects to the service. `console` is for a page, which is given no secret. */
  async dial(purpose: 'program' | 'console'): Promise<Port> {
    if (this.#server === undefined) return await dialControl(this.#dataDirectory);
    const { dialServer } = await import('./remote-session.ts');
    return await dialServer(this.terminal, this.#server, purpose);
  }

  async #dialOrExplain(): Promise<Port | AppError> {
    try {
      return await this.dial('program');
    } catch (error) {
      if (this.#server === undefined && error instanceof AppError && error.code === 'unavailable')
        return error;
      throw error;
    }
  }

  async #converse<T>(port: Port, work: (client: CarillonClient) => Promise<T>): Promise<T> {
    const { interrupted } = this.terminal;
    const stop = (): void => port.close('Interrupted');
    interrupted.addEventListener('abort', stop);
    try {
      return await work(connect(carillonContract, port));
    } catch (cause) {
      throw interrupted.aborted ? new AppError('cancelled', 'Interrupted', { cause }) : cause;
    } finally {
      interrupted.removeEventListener('abort', stop);
      port.close('Done');
      for (const secret of this.#sent.splice(0)) secret.wipe();
    }
  }
}
