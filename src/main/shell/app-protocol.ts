import { readFile } from 'node:fs/promises';
import { extname, isAbsolute, join, relative } from 'node:path';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json; charset=utf-8',
};

/** Of the empty style element that the page's style engine makes and then fills through the CSSOM. */
const emptyStyle = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

const safety = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${emptyStyle}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

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
    const headers = { ...safety, 'Content-Type': mediaTypes[extname(file)] ?? 'application/octet-stream' };
    return new Response(method === 'HEAD' ? null : new Uint8Array(body), { headers });
  };
}
