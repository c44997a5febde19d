import { z } from 'zod';

import { AppError } from '../model/app-error.ts';
import { SecretBytes } from '../secret/secret-bytes.ts';
import { type Access, grants } from './access.ts';
import type { Call, Contract, Handlers } from './contract.ts';
import { parseRequest, type Response } from './frame.ts';
import type { Port } from './port.ts';
import type { Topics } from './topics.ts';
import { toWireError } from './wire-error.ts';

/** Calls and subscriptions that one connection may have open; more is a client gone wrong. */
const openLimit = 256;

export interface ServeOptions<C extends Contract> {
  readonly contract: C;
  readonly handlers: Handlers<C>;
  readonly topics: Topics<C>;
  readonly port: Port;
  readonly access: Access;
  readonly caller: string;
  /** Windows account of the caller, where the transport proved one. */
  readonly account?: string | undefined;
  readonly isRemote?: boolean | undefined;
  /** Takes what is no `AppError`: a defect, which the caller learns as `internal` only. */
  readonly report: (error: unknown, method: string) => void;
}

type AnyHandler = (input: unknown, call: Call) => unknown;

/**
 * Answers one connection: the single place where foreign input is parsed and access is decided.
 * A frame that is none closes the port; a closed port aborts every call and ends every subscription.
 */
export function serve<C extends Contract>(options: ServeOptions<C>): void {
  const { contract, handlers, topics, port, access, caller, account, isRemote, report } = options;
  const running = new Map<number, AbortController>();
  const subscriptions = new Map<number, () => void>();
  const send = (response: Response): void => port.send(response);

  async function dispatch(name: string, raw: unknown, signal: AbortSignal): Promise<unknown> {
    const method = Object.hasOwn(contract.methods, name) ? contract.methods[name] : undefined;
    if (method === undefined) throw new AppError('unknown_method', `No method "${name}"`);
    if (!grants(access, method.access)) throw refusal(name, method.access, access);
    if (method.givesSecrets === true && port.carriesSecrets !== true)
      throw new AppError('forbidden', `${name} gives out secrets, which this connection does not carry`, {
        fix: 'Reach the server over its remote access, by its name: carillon --server <host>, or from a program.',
      });
    const input = method.input.safeParse(raw);
    if (!input.success) throw new AppError('invalid_input', z.prettifyError(input.error));
    const handle = handlers[name as keyof typeof handlers] as AnyHandler;
    try {
      return method.output.parse(await handle(input.data, { access, caller, account, isRemote, signal }));
    } finally {
      wipeSecrets(input.data);
    }
  }

  async function call(id: number, name: string, input: unknown): Promise<void> {
    const abort = new AbortController();
    running.set(id, abort);
    try {
      const output = await dispatch(name, input, abort.signal);
      running.delete(id);
      send({ t: 'done', id, output });
      wipeSecrets(output);
    } catch (error) {
      running.delete(id);
      if (abort.signal.aborted) {
        send({ t: 'failed', id, error: { code: 'cancelled', message: `${name} was cancelled` } });
        return;
      }
      if (!(error instanceof AppError) || error.code === 'internal') report(error, name);
      send({ t: 'failed', id, error: toWireError(error) });
    }
  }

  function subscribe(id: number, name: string): void {
    const topic = Object.hasOwn(contract.topics, name) ? contract.topics[name] : undefined;
    if (topic === undefined) throw new AppError('unknown_method', `No topic "${name}"`);
    if (!grants(access, topic.access)) throw refusal(name, topic.access, access);
    let missed = 0;
    const end = topics.subscribe(name, (payload) => {
      if (port.congested) {
        missed += 1;
        return;
      }
      send({ t: 'event', id, payload, missed });
      missed = 0;
    });
    subscriptions.set(id, end);
    send({ t: 'done', id, output: null });
  }

  function take(frame: unknown): void {
    const request = parseRequest(frame);
    const { id } = request;
    if (request.t === 'cancel') {
      running.get(id)?.abort();
      return;
    }
    if (request.t === 'unsubscribe') {
      subscriptions.get(id)?.();
      subscriptions.delete(id);
      return;
    }
    if (running.has(id) || subscriptions.has(id))
      throw new AppError('conflict', `The number ${id} is in use`);
    if (running.size + subscriptions.size >= openLimit)
      throw new AppError('unavailable', `More than ${openLimit} open calls`);
    if (request.t === 'call') void call(id, request.method, request.input);
    else
      try {
        subscribe(id, request.topic);
      } catch (error) {
        send({ t: 'failed', id, error: toWireError(error) });
      }
  }

  port.closed(() => {
    for (const abort of running.values()) abort.abort();
    for (const end of subscriptions.values()) end();
    subscriptions.clear();
  });
  port.receive((frame) => {
    try {
      take(frame);
    } catch (error) {
      port.close(error instanceof AppError ? error.message : 'Protocol error');
    }
  });
}

function refusal(name: string, needed: Access, held: Access): AppError {
  return new AppError('forbidden', `${name} needs the role ${needed}, the caller has ${held}`, {
    fix: `Ask somebody who has the role ${needed}, or connect as somebody who has it.`,
  });
}

/** A secret that came in or goes out lives as long as its call; a handler that keeps one copies it. */
function wipeSecrets(input: unknown): void {
  if (typeof input !== 'object' || input === null) return;
  for (const value of Object.values(input)) if (value instanceof SecretBytes) value.wipe();
}
