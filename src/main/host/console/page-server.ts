import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize, sep } from 'node:path';

import { WebSocketServer } from 'ws';

import { type ConsoleDestination, parseDestination } from '#shared/model/console-destination.ts';
import { mediaTypeOf, pageSafety } from '#shared/page/page-safety.ts';
import { lineLimit } from '#shared/rpc/line-decoder.ts';

import { attachConsole, type ConsoleWays } from './attach-console.ts';
import { WebSocketPort } from './web-socket-port.ts';

/** Pages at the same time. */
const pageLimit = 16;

export interface PageServer {
  /** Opens the console once; the token in it is used up by the first page that asks. */
  readonly address: string;
  close(): Promise<void>;
}

export interface PageServerOptions {
  /** Folder of the built page. */
  readonly folder: string;
  readonly ways: ConsoleWays;
}

/**
 * Serves the console's page on a loopback port, for where there is no Electron runtime. Guarded by a token that
 * works once and leaves a cookie behind, by the Host header (DNS rebinding), and by the Origin of a WebSocket.
 */
export async function servePage({ folder, ways }: PageServerOptions): Promise<PageServer> {
  const session = randomBytes(32).toString('base64url');
  let token: string | undefined = randomBytes(32).toString('base64url');
  const sockets = new WebSocketServer({ noServer: true, maxPayload: lineLimit });
  const server = createServer((request, response) => respond(request, response));
  let host = '';

  function respond(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', `http://${host}`);
    const offered = url.searchParams.get('token');
    if (request.headers.host !== host) refuse(response, 421, 'This server answers on its own address only');
    else if (request.method !== 'GET' && request.method !== 'HEAD') refuse(response, 405, 'Only GET');
    else if (offered !== null && token !== undefined && equal(offered, token)) {
      token = undefined;
      response.writeHead(303, {
        Location: '/',
        'Set-Cookie': `${cookieName(host)}=${session}; HttpOnly; SameSite=Strict; Path=/`,
        'Cache-Control': 'no-store',
      });
      response.end();
    } else if (!hasSession(request))
      refuse(response, 403, 'This address opens once. Start the console again');
    else sendFile(response, url.pathname);
  }

  function hasSession(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(/;\s*/);
    const prefix = `${cookieName(host)}=`;
    const value = cookies.find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length);
    return value !== undefined && equal(value, session);
  }

  function sendFile(response: ServerResponse, pathname: string): void {
    const path = normalize(join(folder, pathname === '/' ? 'index.html' : decodePath(pathname)));
    const found = path.startsWith(folder + sep) ? statSync(path, { throwIfNoEntry: false }) : undefined;
    if (!found?.isFile()) {
      refuse(response, 404, 'Not found');
      return;
    }
    response.writeHead(200, {
      'Content-Type': mediaTypeOf(path),
      'Content-Length': found.size,
      // The names of built files carry their hash.
      'Cache-Control': path.includes(`${sep}assets${sep}`) ? 'max-age=31536000, immutable' : 'no-cache',
      ...pageSafety(["'self'", `ws://${host}`]),
    });
    createReadStream(path).pipe(response);
  }

  server.on('upgrade', (request, socket, head) => {
    const destination = findDestination(request.url);
    const right =
      destination !== undefined &&
      request.headers.host === host &&
      request.headers.origin === `http://${host}` &&
      hasSession(request) &&
      sockets.clients.size < pageLimit;
    if (!right) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      void attachConsole(new WebSocketPort(opened), destination, ways);
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address: `http://${host}/?token=${token}`,
    async close() {
      for (const client of sockets.clients) client.close(1001, 'The console stops');
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What a page asks to be connected to; undefined where the address is not the contract's. */
function findDestination(path: string | undefined): ConsoleDestination | undefined {
  const url = URL.parse(path ?? '', 'http://localhost');
  if (url?.pathname !== '/rpc') return undefined;
  try {
    return parseDestination(url.searchParams.get('to') ?? '{"kind":"here"}');
  } catch {
    return undefined;
  }
}

/** Cookies do not know ports: the name tells two consoles of one machine apart. */
function cookieName(host: string): string {
  return `carillon-${host.slice(host.indexOf(':') + 1)}`;
}

function equal(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return '';
  }
}

function refuse(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
  response.end(`${words}\n`);
}
