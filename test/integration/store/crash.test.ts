import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import type { TrackingId } from '#shared/model/change.ts';
import { QueueScene } from '#test/queue-scene.ts';

const writer = fileURLToPath(new URL('../../helpers/queue-writer.ts', import.meta.url));

/** Runs the writer and kills it after `acknowledgements` lines and a little more; returns what it acknowledged. */
async function writeUntilKilled(path: string, acknowledgements: number): Promise<string[]> {
  const child = spawn(process.execPath, [writer, path, 'user'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let lines = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    lines += chunk.toString().split('\n').length - 1;
    if (lines >= acknowledgements) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return output.split('\n').slice(0, -1);
}

test('after a kill at any moment everything acknowledged is there and nothing is there by half', async () => {
  await using scene = new QueueScene();
  const accepted = new Set<string>();
  const settled = new Set<number>();
  const rounds = 8;
  for (let round = 0; round < rounds; round += 1) {
    await scene.database.close();
    for (const line of await writeUntilKilled(scene.path, 1 + Math.floor(Math.random() * 1800))) {
      const [word, id = ''] = line.split(' ');
      if (word === 'accepted') accepted.add(id);
      else settled.add(Number(id));
    }
    await scene.reopen();
    for (const id of accepted) expect(scene.queue.isKnown(id as TrackingId), `change ${id}`).toBe(true);
    for (const id of settled) {
      expect(scene.database.get('SELECT outcome, sealed FROM delivery WHERE id = ?', id)).toEqual({
        outcome: 'delivered',
        sealed: null,
      });
    }
    expect(
      scene.database.all(
        'SELECT sequence FROM change WHERE (SELECT count(*) FROM delivery d WHERE d.sequence = change.sequence) <> 2',
      ),
    ).toEqual([]);
    expect(scene.database.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(scene.database.all('PRAGMA foreign_key_check')).toEqual([]);
  }
  expect(accepted.size).toBeGreaterThan(rounds);
}, 300_000);
