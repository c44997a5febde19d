import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

import type { ChangeTrace } from '#shared/contract/changes.ts';
import { useSession } from '#state/session-context.ts';

/** Changes on the screen at the same time; the oldest leave. */
const most = 500;
/** Changes that are there when the page opens. */
const atFirst = 50;
/** News of this time are read together, milliseconds; with the call it stays well below a quarter of a second. */
const gather = 60;
/** Traces of one answer, the most that the service gives. */
const breadth = 64;

/** Whether the list stands still. */
export const livePause = createStore(() => ({ paused: false }));

export interface LiveChanges {
  /** Newest first. */
  readonly rows: readonly ChangeTrace[];
  readonly loading: boolean;
  readonly problem?: { readonly message: string };
}

/** Every change as one row, read again when the service tells that it moved on. */
export function useLiveChanges(): LiveChanges {
  const session = useSession();
  const generation = useStore(session.store, (state) => state.generation);
  const paused = useStore(livePause, (state) => state.paused);
  const [live, setLive] = useState<LiveChanges>({ rows: [], loading: true });

  useEffect(() => {
    if (generation === 0 || paused) return;
    const waiting = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    let lastRead = 0;
    const read = async (ids: readonly string[]): Promise<void> => {
      const traces = await session.client.call('changes.traces', { trackingIds: [...ids] });
      if (ended) return;
      setLive(({ rows }) => ({ rows: merge(rows, traces), loading: false }));
    };
    const flush = async (): Promise<void> => {
      while (waiting.size > 0 && !ended) {
        const ids = [...waiting].slice(0, breadth);
        for (const id of ids) waiting.delete(id);
        // What fails with the connection is read again with the next one.
        await read(ids).catch(() => undefined);
      }
      lastRead = Date.now();
      timer = undefined;
    };
    const end = session.subscribe('changes.changed', ({ trackingId }) => {
      waiting.add(trackingId);
      // The first after a quiet time is read at once.
      timer ??= setTimeout(() => void flush(), Math.max(0, lastRead + gather - Date.now()));
    });
    session.client
      .call('changes.list', { limit: atFirst })
      .then((changes) => read(changes.map(({ trackingId }) => trackingId)))
      .catch((error: unknown) => {
        const message = error instanceof Error ? error.message : 'Unable to read';
        if (!ended) setLive(({ rows }) => ({ rows, loading: false, problem: { message } }));
      });
    return () => {
      ended = true;
      clearTimeout(timer);
      end();
    };
  }, [session, generation, paused]);

  return live;
}

function merge(rows: readonly ChangeTrace[], fresh: readonly ChangeTrace[]): readonly ChangeTrace[] {
  const byId = new Map(rows.map((row) => [row.trackingId, row]));
  for (const trace of fresh) byId.set(trace.trackingId, trace);
  return [...byId.values()].sort((a, b) => b.sequence - a.sequence).slice(0, most);
}
