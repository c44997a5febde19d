import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';

import type { CarillonContract } from '#shared/contract/carillon-contract.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { MethodName, Reply, Sent, TopicName } from '#shared/rpc/contract.ts';

import { refreshes } from './refreshes.ts';
import { useSession } from './session-context.ts';

export interface Reading<T> {
  /** The last answer; stays while it is read again. */
  readonly value: T | undefined;
  readonly loading: boolean;
  readonly problem?: { readonly message: string; readonly fix?: string };
}

/** Changes that come faster than this are read together, milliseconds. */
const quiet = 100;

/**
 * Reads a method and reads it again whenever one of `topics` tells of a change, after a reconnection, and on
 * Refresh. Answers that are overtaken by a later call are dropped.
 */
export function useReading<M extends MethodName<CarillonContract>>(
  method: M,
  input: Sent<CarillonContract, M>,
  topics: readonly TopicName<CarillonContract>[],
  /** Another number reads again. */
  turn = 0,
): Reading<Reply<CarillonContract, M>> {
  const session = useSession();
  const generation = useStore(session.store, (state) => state.generation);
  const asked = useStore(refreshes, (state) => state.count);
  const era = generation === 0 ? undefined : generation + asked + turn;
  const [reading, setReading] = useState<Reading<Reply<CarillonContract, M>>>({
    value: undefined,
    loading: true,
  });
  const key = JSON.stringify(input);
  const topicKey = topics.join();
  const current = useRef(0);

  useEffect(() => {
    if (era === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lastRead = 0;
    let live = true;
    const read = async (): Promise<void> => {
      lastRead = Date.now();
      current.current += 1;
      const call = current.current;
      try {
        const value = await session.client.call(method, JSON.parse(key) as Sent<CarillonContract, M>);
        if (live && call === current.current) setReading({ value, loading: false });
      } catch (error) {
        if (!live || call !== current.current) return;
        const { message, fix } =
          error instanceof AppError ? error : new AppError('internal', 'Unable to read');
        setReading(({ value }) => ({
          value,
          loading: false,
          problem: fix === undefined ? { message } : { message, fix },
        }));
      }
    };
    const soon = (): void => {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          void read();
        },
        Math.max(0, lastRead + quiet - Date.now()),
      );
    };
    void read();
    const ends =
      topicKey === ''
        ? []
        : topicKey.split(',').map((topic) => session.subscribe(topic as TopicName<CarillonContract>, soon));
    return () => {
      live = false;
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [session, era, method, key, topicKey]);

  return reading;
}
