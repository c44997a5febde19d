import { detailsOf, SqlError } from './sql-error.ts';

/** Loads a driver that is not installed everywhere, at its first use. */
export async function loadDriver<T>(name: string, load: () => Promise<unknown>): Promise<T> {
  try {
    const loaded = (await load()) as { default?: T };
    return loaded.default ?? (loaded as T);
  } catch (cause) {
    const { code, text } = detailsOf(cause);
    const reason = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' ? 'is not installed' : text;
    throw new SqlError('driver-missing', `The database driver "${name}" ${reason}`, { code, cause });
  }
}
