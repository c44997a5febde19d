import { readFileSync, realpathSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Largest file that a value may name, bytes. */
const sizeLimit = 16 * 1024 * 1024;

/**
 * Reads what a `file:` value names, where it lies in the one folder that is allowed. Nothing is ever fetched over a
 * network. Throws an error whose message says why not.
 */
export function readUrlValue(url: string, folder: string | undefined): Buffer {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'file:')
    throw new Error(`"${shorten(url)}" is no file: URL, and nothing else is read`);
  if (parsed.host !== '') throw new Error('A file of another computer is not read');
  if (folder === undefined) throw new Error('Values from files are not read: the agent has no "urlFolder"');
  const root = realpathSync(folder);
  const path = realPathOf(fileURLToPath(parsed));
  if (path === undefined || !path.startsWith(root.endsWith(sep) ? root : root + sep))
    throw new Error(`"${shorten(url)}" is no file in the folder for values`);
  const { size } = statSync(path);
  if (size > sizeLimit) throw new Error(`"${shorten(url)}" is larger than ${sizeLimit} bytes`);
  return readFileSync(path);
}

/** A link is followed before it is judged; what does not exist is not told from what is not allowed. */
function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}
