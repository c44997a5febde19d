import { startTransition, useEffect, useState } from 'react';
import { useStore } from 'zustand';

import type { ListData } from '#console/scope-node.ts';
import type { LoggedEvent } from '#shared/contract/events.ts';
import { AppError } from '#shared/model/app-error.ts';
import { refreshes } from '#state/refreshes.ts';
import type { Session } from '#state/session.ts';

/** Events of the first answer: a screenful and some. */
const first = 100;
/** Events of each further answer: few enough that reading them fits between two frames. */
const page = 200;
/** A busy screen keeps an answer waiting this long at most, milliseconds. */
const patience = 150;
/** What came is drawn this often, milliseconds. */
const pace = 250;
/** While the rest is read, whenever it has grown by this share: ahead of who scrolls, and ever more rarely. */
const growth = 0.5;
/** Rows of the list; the log itself holds no more. */
const most = 100_000;

/** The whole event log, newest first: a screenful at once, and the rest behind it without keeping the screen waiting. */
export function useEventLog(session: Session): ListData<LoggedEvent> {
  const generation = useStore(session.store, (state) => state.generation);
  const asked = useStore(refreshes, (state) => state.count);
  const [data, setData] = useState<ListData<LoggedEvent>>({ rows: [], loading: true });

  // biome-ignore lint/correctness/useExhaustiveDependencies: Refresh reads again
  useEffect(() => {
    if (generation === 0) return;
    let live = true;
    let read: LoggedEvent[] = [];
    let fresh: LoggedEvent[] = [];
    let total = 0;
    let drawn = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = (): void => {
      clearTimeout(timer);
      timer = undefined;
      if (!live) return;
      // Those that an answer brought as well are passed over.
      const newest = read[0]?.id ?? 0;
      const news = fresh.filter(({ id }) => id > newest).reverse();
      if (news.length > 0) read = [...news, ...read].slice(0, most);
      fresh = [];
      drawn = read.length;
      const next = { rows: read.slice(), loading: false, ...(read.length < total ? { total } : {}) };
      // Nobody waits for further rows: they are drawn between the frames of what somebody does, such as scrolling.
      if (read.length > first && read.length < total) startTransition(() => setData(next));
      else setData(next);
    };
    const drawSoon = (): void => {
      timer ??= setTimeout(draw, pace);
    };
    const readAll = async (): Promise<void> => {
      const { client } = session;
      const [{ count }, start] = await Promise.all([
        client.call('events.count', {}),
        client.call('events.list', { limit: first }),
      ]);
      total = Math.min(count, most);
      read = [...start];
      draw();
      let last = start.at(-1);
      while (live && last !== undefined && read.length < total) {
        const next: readonly LoggedEvent[] = await client.call('events.list', {
          limit: page,
          before: last.id,
        });
        last = next.at(-1);
        for (const event of next) read.push(event);
        if (read.length > drawn * (1 + growth)) draw();
        await idleTime();
      }
      total = 0;
      drawSoon();
    };
    const end = session.subscribe('events.logged', (event) => {
      fresh.push(event);
      drawSoon();
    });
    readAll().catch((error: unknown) => {
      const { message, fix } = error instanceof AppError ? error : new AppError('internal', 'Unable to read');
      if (live)
        setData(({ rows }) => ({
          rows,
          loading: false,
          problem: fix === undefined ? { message } : { message, fix },
        }));
    });
    return () => {
      live = false;
      clearTimeout(timer);
      end();
    };
  }, [session, generation, asked]);

  return data;
}

/** Until the screen has nothing to draw. */
function idleTime(): Promise<void> {
  return new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: patience }));
}
