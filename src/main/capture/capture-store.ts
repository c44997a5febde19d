import { join } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';
import { restoreBackup } from '#store/backups.ts';
import { type Database, openDatabase } from '#store/database.ts';
import { KeyTable } from '#store/key-table.ts';
import { KeyRing } from '#vault/key-ring.ts';
import { openKeyKeeper } from '#vault/open-key-keeper.ts';
import { SealedBox } from '#vault/sealed-box.ts';

import type { CaptureConfiguration } from './capture-configuration.ts';
import { captureMigrations } from './capture-migrations.ts';
import type { CaptureEventSink } from './event-log.ts';

export interface CaptureStore {
  readonly database: Database;
  readonly ring: KeyRing;
  readonly seal: SealedBox;
  /** Logs what was found on disk: 2003 nothing, 2004 a queue, 6001 a damaged one. */
  announce(log: CaptureEventSink): void;
  close(): Promise<void>;
}

/**
 * Opens queue and keys in the data directory. A damaged file is put aside and capture goes on with an empty one, as
 * PCNS does: the changes of the next minutes are worth more than those of the last.
 */
export async function openCaptureStore(
  configuration: CaptureConfiguration,
  now: () => number,
): Promise<CaptureStore> {
  const path = join(configuration.dataDirectory, 'capture.db');
  let keptAside: string | undefined;
  let database: Database;
  try {
    database = openDatabase(path, captureMigrations);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'damaged') throw error;
    keptAside = restoreBackup(path, now()).kept;
    database = openDatabase(path, captureMigrations);
  }
  try {
    const isNew = database.get('SELECT 1 FROM key LIMIT 1') === undefined;
    const keeper = openKeyKeeper(configuration.keyKeeper, configuration.dataDirectory);
    const ring = await KeyRing.open({ store: new KeyTable(database), keeper, now });
    const seal = new SealedBox(ring);
    return {
      database,
      ring,
      seal,
      announce: (log) => announce(log, database, { isNew, keptAside }),
      close: async () => {
        await database.close();
        seal.close();
        ring.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

function announce(
  log: CaptureEventSink,
  database: Database,
  { isNew, keptAside }: { readonly isNew: boolean; readonly keptAside: string | undefined },
): void {
  if (keptAside !== undefined)
    log({ number: 6001, message: `The queue on disk was damaged; it is kept as ${keptAside}` });
  if (isNew) {
    log({ number: 2003, message: 'A new notification queue was made' });
    return;
  }
  const counts = database.get<{ held: number | null; queued: number | null }>(
    "SELECT sum(state = 'held') AS held, sum(state = 'queued') AS queued FROM change",
  );
  log({
    number: 2004,
    message: `An existing notification queue was found: ${counts?.queued ?? 0} changes wait, ${counts?.held ?? 0} are undecided`,
  });
}
