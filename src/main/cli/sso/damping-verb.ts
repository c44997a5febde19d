import { formatTable } from '../output/table.ts';
import { formatTime } from '../output/time-words.ts';
import type { SsoVerb } from './sso-verb.ts';

/** Which changes are known again: what stands here is dropped where it comes a second time. */
export const dampingVerb: SsoVerb = {
  name: 'damping',
  usage: '',
  summary: 'List the changes of the last ten minutes that damping remembers',
  takes: [0, 0],
  async run(session) {
    const rows = await session.withService((client) => client.call('adapters.damping', { limit: 10_000 }));
    session.print(rows, () =>
      rows.length === 0
        ? 'Damping remembers nothing'
        : formatTable(
            [
              { title: 'time', value: ({ at }) => formatTime(at) },
              { title: 'account', value: ({ account }) => account },
              { title: 'adapter', value: ({ adapter }) => adapter ?? 'Windows' },
              {
                title: 'change',
                value: ({ origin }) => (origin === 'performed' ? 'carried out there' : 'came from there'),
              },
            ],
            rows,
          ),
    );
  },
};
