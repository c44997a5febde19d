import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { z } from 'zod';

import { ldapConnectionSchema } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import { unreadableJson } from '#shared/model/unreadable-json.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import { scriptConventions } from './script/script-convention.ts';

const path = z.string().min(1).max(4096);
const common = {
  /** Name of the adapter as it is defined in single sign-on. */
  adapter: z.string().min(1).max(64),
  /** The server's socket for adapters. */
  socket: path.default(''),
  /** The file that proves the access account; `<name>.token` beside the socket where absent. */
  tokenFile: path.optional(),
  /**
   * Folder for captured changes that the server does not have yet, the adapter's account's own; `<name>.reports` beside
   * this file where absent.
   */
  reportDirectory: path.optional(),
  /** Passwords set side by side. */
  concurrency: z.int().min(1).max(32).default(4),
};
const sql = {
  ...common,
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535).optional(),
  database: z.string().max(255).default(''),
  user: z.string().min(1).max(255),
  caFile: path.optional(),
  socketPath: path.optional(),
  /** Holds the adapter's own password; readable by its account alone. */
  passwordFile: path,
};

/** The configuration file of one of the adapters that come with the product. */
export const adapterFileSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('script'),
    ...common,
    command: path,
    arguments: z.array(z.string().max(4096)).max(32).default([]),
    convention: z.enum(scriptConventions).default('carillon'),
    /** Seconds until the program is killed. */
    timeout: z.int().min(1).max(600).default(30),
  }),
  z.strictObject({
    kind: z.literal('openldap'),
    ...common,
    connection: ldapConnectionSchema,
    passwordFile: path.optional(),
    baseDn: z.string().min(1).max(4096),
    accountAttribute: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/)
      .default('uid'),
    overlaySocket: path.optional(),
    ignoredWriters: z.array(z.string().max(4096)).max(64).default([]),
  }),
  z.strictObject({ kind: z.literal('postgresql'), ...sql }),
  z.strictObject({ kind: z.literal('mariadb'), ...sql }),
]);
export type AdapterFile = z.infer<typeof adapterFileSchema> & {
  readonly tokenFile: string;
  readonly reportDirectory: string;
};

/** Reads an adapter's configuration. Throws `AppError` `invalid_configuration`. */
export function readAdapterFile(file: string): AdapterFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw unreadableJson(file, cause);
  }
  const parsed = adapterFileSchema.safeParse(content);
  if (!parsed.success)
    throw new AppError('invalid_configuration', `${file}: ${z.prettifyError(parsed.error)}`);
  const { env } = process;
  // Whoever starts the adapter may say where it connects: so a test can put itself in the place of the server.
  const settings = {
    ...parsed.data,
    adapter: env['CARILLON_ADAPTER_NAME'] ?? parsed.data.adapter,
    socket: env['CARILLON_ADAPTER_SOCKET'] ?? parsed.data.socket,
    tokenFile: env['CARILLON_ADAPTER_TOKEN_FILE'] ?? parsed.data.tokenFile,
  };
  if (settings.socket === '')
    throw new AppError('invalid_configuration', `${file} does not say where the server's socket is`, {
      fix: 'Add "socket"; carillon adapter list shows it.',
    });
  const tokenFile =
    settings.tokenFile ?? resolve(dirname(settings.socket), `${settings.adapter.toLowerCase()}.token`);
  const reportDirectory =
    settings.reportDirectory ?? resolve(dirname(file), `${settings.adapter.toLowerCase()}.reports`);
  return { ...settings, tokenFile, reportDirectory };
}

/** Reads the adapter's own password. Throws `AppError` where others could read it too. */
export function readOwnPassword(file: string): SecretBytes {
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
    throw new AppError('forbidden', `${file} can be read by others`, { fix: `Run: chmod 600 '${file}'` });
  const content = readFileSync(file);
  try {
    const end = content.at(-1) === 0x0a ? content.length - 1 : content.length;
    return SecretBytes.copy(content.subarray(0, end));
  } finally {
    content.fill(0);
  }
}
