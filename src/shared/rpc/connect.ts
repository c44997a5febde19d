import { z } from 'zod';

import { AppError } from '../model/app-error.ts';
import type { Contract, MethodName, Payload, Reply, Sent, TopicName } from './contract.ts';
import { parseResponse, type Request, type Response } from './frame.ts';
import type { Port } from './port.ts';
import { fromWireError } from './wire-error.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** The calling end of a connection. Rejects with `AppError` only. */
export interface Client<C extends Contract> {
  call<M extends MethodName<C>>(method: M, input: Sent<C, M>, options?: CallOptions): Promise<Reply<C, M>>;
  /** Resolves to the function that ends the subscription. `missed` counts payloads left out before this one. */
  subscribe<T extends TopicName<C>>(
    topic: T,
    listener: (payload: Payload<C, T>, missed: number) => void,
  ): Promise<() => void>;
  closed(listener: (reason: string) => void): void;
  close(): void;
}

interface Pending {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: AppError) => void;
}

type AnyListener = (payload: unknown, missed: number) => void;

export function connect<C extends Contract>(contract: C, port: Port): Client<C> {
  const pending = new Map<number, Pending>();
  const listeners = new Map<number, AnyListener>();
  let lastId = 0;
  let gone: string | undefined;

  function ask(
    request: (id: number) => Request,
    signal?: AbortSignal,
  ): { id: number; reply: Promise<unknown> } {
    lastId += 1;
    const id = lastId;
    const reply = new Promise<unknown>((resolve, reject) => {
      if (gone !== undefined) return reject(lost(gone));
      if (signal?.aborted) return reject(new AppError('cancelled', 'The call was cancelled'));
      const cancel = (): void => {
        pending.delete(id);
        port.send({ t: 'cancel', id } satisfies Request);
        reject(new AppError('cancelled', 'The call was cancelled'));
      };
      const settle =
        <V>(then: (value: V) => void) =>
        (value: V) => {
          signal?.removeEventListener('abort', cancel);
          then(value);
        };
      signal?.addEventListener('abort', cancel, { once: true });
      pending.set(id, { resolve: settle(resolve), reject: settle(reject) });
      port.send(request(id));
    });
    return { id, reply };
  }

  function take(response: Response): void {
    if (response.t === 'event') {
      listeners.get(response.id)?.(response.payload, response.missed);
      return;
    }
    const waiting = pending.get(response.id);
    pending.delete(response.id);
    if (response.t === 'done') waiting?.resolve(response.output);
    else waiting?.reject(fromWireError(response.error));
  }

  port.receive((frame) => {
    try {
      take(parseResponse(frame));
    } catch (error) {
      port.close(error instanceof Error ? error.message : 'Protocol error');
    }
  });
  port.closed((reason) => {
    gone = reason;
    for (const waiting of pending.values()) waiting.reject(lost(reason));
    pending.clear();
    listeners.clear();
  });

  return {
    async call(method, input, options) {
      const { reply } = ask((id) => ({ t: 'call', id, method, input }), options?.signal);
      return check(contract.methods[method]?.output, await reply, method) as Reply<C, typeof method>;
    },
    async subscribe(topic, listener) {
      const { id, reply } = ask((number) => ({ t: 'subscribe', id: number, topic }));
      listeners.set(id, (payload, missed) => {
        const checked = check(contract.topics[topic]?.payload, payload, topic);
        listener(checked as Payload<C, typeof topic>, missed);
      });
      try {
        await reply;
      } catch (error) {
        listeners.delete(id);
        throw error;
      }
      return () => {
        if (listeners.delete(id)) port.send({ t: 'unsubscribe', id } satisfies Request);
      };
    },
    closed: (listener) => port.closed(listener),
    close: () => port.close('Closed by the client'),
  };
}

function check(schema: z.ZodType | undefined, value: unknown, name: string): unknown {
  const parsed = schema?.safeParse(value);
  if (parsed?.success) return parsed.data;
  const detail = parsed === undefined ? 'not in the contract' : z.prettifyError(parsed.error);
  throw new AppError('internal', `Unexpected answer to ${name}: ${detail}`, {
    fix: 'Use the client of the same version as the service.',
  });
}

function lost(reason: string): AppError {
  return new AppError('unavailable', `The connection to the service is closed: ${reason}`);
}
