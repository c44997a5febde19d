import { useEffect, useState } from 'react';
import { useStore } from 'zustand';

import { problemOf } from '#console/problem-of.ts';
import type { ListData } from '#console/scope-node.ts';
import type { SsoMapping } from '#shared/contract/sso-mapping.ts';
import { refreshes } from '#state/refreshes.ts';
import type { Session } from '#state/session.ts';

/** Mappings of the first answer: a screenful and some. */
const first = 200;
/** Mappings of each further answer, the most that the service gives. */
const page = 10_000;
/** Rows of the list; for one of more there is the search of the command line. */
const most = 250_000;
/** What is read anew rests for this many times what reading it took: a busy server is not kept busy by its console. */
const rest = 4;
const leastRest = 100;

/** Every mapping of an application: a screenful at once, the others behind it. */
export function useMappings(session: Session, application: string): ListData<SsoMapping> {
  const generation = useStore(session.store, (state) => state.generation);
  const asked = useStore(refreshes, (state) => state.count);
  const [data, setData] = useState<ListData<SsoMapping>>({ rows: [], loading: true });

  // biome-ignore lint/correctness/useExhaustiveDependencies: Refresh reads again
  useEffect(() => {
    if (generation === 0) return;
    let live = true;
    let reading = false;
    let again = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isFirst = true;
    const readAll = async (): Promise<void> => {
      const rows: SsoMapping[] = [];
      let after = 0;
      for (let limit = first; live && rows.length < most; limit = page) {
        const part = await session.client.call('sso.mappings', { application, after, limit });
        for (const mapping of part) rows.push(mapping);
        after = part.at(-1)?.id ?? after;
        // Read anew, the old rows stay until all of the new ones are there.
        if (live && isFirst) setData({ rows: rows.slice(), loading: false });
        if (part.length < limit) break;
      }
      isFirst = false;
      if (live) setData({ rows, loading: false });
    };
    const read = async (): Promise<void> => {
      reading = true;
      again = false;
      const start = performance.now();
      await readAll().catch((error: unknown) => {
        if (live) setData(({ rows }) => ({ rows, loading: false, problem: problemOf(error) }));
      });
      timer = setTimeout(
        () => {
          reading = false;
          if (again && live) void read();
        },
        Math.max(leastRest, rest * (performance.now() - start)),
      );
    };
    void read();
    const end = session.subscribe('sso.changed', () => {
      again = true;
      if (!reading) void read();
    });
    return () => {
      live = false;
      clearTimeout(timer);
      end();
    };
  }, [session, application, generation, asked]);

  return data;
}
