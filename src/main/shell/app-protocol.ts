import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';

import { mediaTypeOf, pageSafety } from '#shared/page/page-safety.ts';

export const pageOrigin = 'app://console';

/**
 * The file of `folder` that an address of the console's own protocol names; undefined for everything else.
 * Decodes once and refuses what could leave the folder: in Node an encoded `..%2f` stays in the path.
 */
export function fileOf(address: string, folder: string): string | undefined {
  const url = URL.parse(address);
  if (url === null || url.protocol !== 'app:' || url.host !== 'console') return undefined;
  let path: string;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  if (/[\0\\:]/.test(path) || path.split('/').includes('..')) return undefined;
  const file = join(folder, path === '/' ? 'index.html' : `.${path}`);
  const inside = relative(folder, file);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? undefined : file;
}

/** Answers `app://console/...` with the built page's files and nothing else. */
export function answerPage(folder: string): (request: Request) => Promise<Response> {
  return async ({ url, method }) => {
    if (method !== 'GET' && method !== 'HEAD') return new Response(null, { status: 405 });
    const file = fileOf(url, folder);
    const body = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    if (file === undefined || body === undefined) return new Response(null, { status: 404 });
    const headers = { ...pageSafety([]), 'Content-Type': mediaTypeOf(file) };
    return new Response(method === 'HEAD' ? null : new Uint8Array(body), { headers });
  };
}
