/**
 * What the engine does per second and what it takes; prints one JSON document. Words choose parts of it:
 * delivery, accept, latency, fanout, backlog.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fabrikamGlobals } from '#lab/fabrikam.ts';
import { startLab } from '#lab/lab.ts';

import { measureAccept } from './engine/measure-accept.ts';
import { measureBacklog } from './engine/measure-backlog.ts';
import { measureDelivery } from './engine/measure-delivery.ts';
import { measureFanout } from './engine/measure-fanout.ts';
import { measureLatency } from './engine/measure-latency.ts';

const directory = mkdtempSync(join(tmpdir(), 'carillon-bench-'));
const say = (line: string): void => console.error(line);

/** Both need a domain; the second one's services would slow the first one down. */
async function measureInDomain(wants: (part: string) => boolean) {
  if (!wants('accept') && !wants('latency')) return {};
  const lab = await startLab({ samba: { globals: fabrikamGlobals }, onProgress: say });
  try {
    return {
      ...(wants('accept') && { accept: await measureAccept(directory, lab.samba, say) }),
      ...(wants('latency') && { latency: await measureLatency(lab, say) }),
    };
  } finally {
    await lab.stop();
  }
}

const chosen = process.argv.slice(2);
const wants = (part: string): boolean => chosen.length === 0 || chosen.includes(part);
try {
  const result = {
    ...(wants('delivery') && { delivery: await measureDelivery(directory, say) }),
    ...(await measureInDomain(wants)),
    ...(wants('fanout') && { fanout: await measureFanout(directory, say) }),
    ...(wants('backlog') && { backlog: await measureBacklog(directory, say) }),
  };
  console.log(JSON.stringify(result, undefined, 2));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
