import { resolve } from 'node:path';

import type { Command } from 'commander';
import { dialControl } from '#host/control/dial-control.ts';
import { defaultDataDirectory } from '#host/data-directory.ts';
import { describeErrorChain } from '#host/log/error-chain.ts';
import { type CarillonContract, carillonContract } from '#shared/contract/carillon-contract.ts';
import { AppError } from '#shared/model/app-error.ts';
import { type Client, connect } from '#shared/rpc/connect.ts';
import type { Port } from '#shared/rpc/port.ts';

import type { Terminal } from './terminal.ts';

export type CarillonClient = Client<CarillonContract>;

interface GlobalOptions {
  readonly data?: string;
  readonly json?: boolean;
}

/** One run of one command: its terminal, its global options, and its connection. */
export class Session {
  readonly terminal: Terminal;
  readonly dataDirectory: string;
  readonly json: boolean;

  constructor(terminal: Terminal, command: Command) {
    const { data, json } = command.optsWithGlobals<GlobalOptions>();
    this.terminal = terminal;
    this.dataDirectory = resolve(data ?? defaultDataDirectory(terminal.env));
    this.json = json ?? false;
  }

  /** Prints a result: as JSON for programs, or as `render` says it for people. */
  print<T>(value: T, render: (value: T) => string): void {
    const text = this.json ? JSON.stringify(value, null, 2) : render(value);
    if (text !== '') this.terminal.stdout.write(`${text}\n`);
  }

  /** One line of a stream of results. */
  printLine<T>(value: T, render: (value: T) => string): void {
    this.terminal.stdout.write(`${this.json ? JSON.stringify(value) : render(value)}\n`);
  }

  /** Something for the person in front of the terminal, beside the result. */
  note(text: string): void {
    this.terminal.stderr.write(`${text}\n`);
  }

  /** Works with the service of the data directory. */
  async withService<T>(work: (client: CarillonClient) => Promise<T>): Promise<T> {
    return await this.#converse(await dialControl(this.dataDirectory), work);
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

  async #dialOrExplain(): Promise<Port | AppError> {
    try {
      return await dialControl(this.dataDirectory);
    } catch (error) {
      if (error instanceof AppError && error.code === 'unavailable') return error;
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
    }
  }
}
