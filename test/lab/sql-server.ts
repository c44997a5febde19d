import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import type { ServerControls } from './server-controls.ts';

/** What one needs to know to use a running database server; plain data, so that it crosses processes. */
export interface SqlServer {
  readonly product: 'postgresql' | 'mariadb';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly caFile: string;
  /** The administrator; over the local socket root needs no password. */
  readonly adminUser: string;
  readonly adminPassword: string;
  /** May set the passwords of others and is no administrator. */
  readonly serviceUser: string;
  readonly servicePassword: string;
  /** Folder (PostgreSQL) or file (MariaDB) of the local socket. */
  readonly socket: string;
  readonly directory: string;
  readonly logFile: string;
}

export interface RunningSqlServer extends SqlServer, ServerControls {
  /** Runs statements as the administrator and gives their rows, one a line with tabs; throws with the server's words. */
  runSql(statements: string): Promise<string>;
}

export interface SqlServerOptions {
  /** An empty or missing directory; removed with the lab. */
  readonly directory: string;
  /** Statements that the administrator runs once the server is up. */
  readonly sql?: string;
  /** Whether connections over TCP must use TLS; default true. */
  readonly requireTls?: boolean;
  /** Further lines of the server's configuration file. */
  readonly settings?: readonly string[];
}

/** Makes the server's folder, and lets the server's own user, who is not root, reach it. */
export function makeReachable(directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const folder of [dirname(directory), directory]) {
    const mode = statSync(folder).mode & 0o7777;
    if ((mode & 0o001) === 0) chmodSync(folder, mode | 0o111);
  }
}
