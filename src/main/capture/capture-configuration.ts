import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';
import { keyKeeperSchema } from '#shared/model/configuration.ts';
import { seconds } from '#shared/model/seconds.ts';
import { unreadableJson } from '#shared/model/unreadable-json.ts';

export const defaultCaptureFile = '/etc/carillon/capture.json';

const path = z.string().regex(/^\//, 'Is an absolute path');

/** The hook that Samba runs. */
const hookSchema = z.strictObject({
  program: path.default('/usr/lib/carillon/carillon-hook'),
  /** The hook's own settings, written by `carillon capture install`. */
  configuration: path.default('/etc/carillon/hook.conf'),
  /** In a directory of its own that only root can enter. */
  socket: path.max(107).default('/run/carillon/hook.sock'),
  /** Milliseconds that a password change waits for this service at most. Samba itself gives up after 10 s. */
  deadlineMs: z.int().min(50).max(8000).default(1500),
  /** What becomes of a change that cannot be captured: let through and reported later (7001), or refused. */
  whenAway: z.enum(['open', 'closed']).default('open'),
  /** Whether the hook holds passwords against the complexity rule, which it takes the place of in Samba. */
  complexity: z.boolean().default(true),
});

/** What the capture service of one domain controller needs to know; holds no secret. */
export const captureConfigurationSchema = z.strictObject({
  version: z.literal(1).default(1),
  /** Queue, keys and event log; only root may enter it. */
  dataDirectory: path.default('/var/lib/carillon/capture'),
  smbConf: path.default('/etc/samba/smb.conf'),
  /** The domain controller's privileged socket; found through smb.conf where absent. */
  ldapiSocket: path.optional(),
  hook: hookSchema.prefault({}),
  /** Where the targets are configured. */
  pcns: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('directory') }),
      z.strictObject({ kind: z.literal('file'), path: path.default('/etc/carillon/pcns.json') }),
    ])
    .default({ kind: 'directory' }),
  kerberos: z
    .strictObject({
      /** Name that the targets see; the machine account where absent. */
      principal: z.string().min(1).optional(),
      /** Its keys; Samba's own secrets.keytab where absent. */
      keytab: path.optional(),
      /** krb5.conf; the system's own where absent. */
      configuration: path.optional(),
    })
    .prefault({}),
  /** Company certificate authority for targets that have no key fingerprint, PEM file. */
  caFile: path.optional(),
  keyKeeper: keyKeeperSchema.default({ kind: 'key-file' }),
  /** How long a change is held for the directory to show it, seconds. */
  holdTime: seconds(1, 600, 30),
  /** How often the directory is asked for changes that were not captured. */
  reconcileInterval: seconds(1, 3600, 5),
  /** How often targets and groups are read anew. */
  refreshInterval: seconds(1, 3600, 60),
});
export type CaptureConfiguration = z.infer<typeof captureConfigurationSchema>;

/** Reads the file; a missing one at the usual place gives the defaults. Throws `AppError` `invalid_configuration`. */
export function readCaptureConfiguration(file = defaultCaptureFile): CaptureConfiguration {
  let value: unknown = {};
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (!isMissing || file !== defaultCaptureFile) throw unreadableJson(file, cause);
  }
  const parsed = captureConfigurationSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('invalid_configuration', `${file}: ${z.prettifyError(parsed.error)}`);
}
