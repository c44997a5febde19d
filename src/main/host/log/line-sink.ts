import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

import type { LogFileSettings } from '#shared/model/configuration.ts';

/** Where finished log lines go. */
export interface LineSink {
  write(lines: string): void;
  close(): void;
}

export function openErrorSink(): LineSink {
  return { write: (lines) => process.stderr.write(lines), close: () => {} };
}

/** A file that is set aside as `<path>.1` when full; the oldest of `keep` goes. */
export function openFileSink({ path, maxSize, keep }: LogFileSettings): LineSink {
  let file = openSync(path, 'a', 0o600);
  let size = fstatSync(file).size;

  function rotate(): void {
    closeSync(file);
    for (let number = keep - 1; number >= 0; number -= 1) {
      const from = number === 0 ? path : `${path}.${number}`;
      try {
        renameSync(from, `${path}.${number + 1}`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    file = openSync(path, 'a', 0o600);
    size = 0;
  }

  return {
    write(lines) {
      const bytes = Buffer.from(lines);
      if (size > 0 && size + bytes.length > maxSize) rotate();
      writeSync(file, bytes);
      size += bytes.length;
    },
    close: () => closeSync(file),
  };
}
