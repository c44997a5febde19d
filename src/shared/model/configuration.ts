import { z } from 'zod';

import { agentSchema } from './agent.ts';
import { findRuleBreaches } from './find-rule-breaches.ts';
import { metaverseRulesSchema } from './identity-rules.ts';
import { remoteAccessSchema } from './remote-access.ts';
import { seconds } from './seconds.ts';
import { singleSignOnSchema } from './single-sign-on.ts';
import { snapshotSettingsSchema } from './snapshot-settings.ts';

/** Tools > Options of Identity Manager, and the limits of the password queue. */
export const passwordSyncSchema = z.strictObject({
  /** Enable Password Synchronization. */
  enabled: z.boolean().default(false),
  /** Save last [n] password change/set event details. */
  historySize: z.int().min(1).max(1000).default(24),
  /** Days that a settled change can be traced, and that the event log tells of. */
  keepDays: z.int().min(4).max(3650).default(90),
  /** A delivery that waits longer than this expires, as in PCNS. */
  maxQueueAge: seconds(60, 31_536_000, 259_200),
  /** A change that comes back from a target within this time is an echo. */
  dampingWindow: seconds(0, 86_400, 600),
  /** sAMAccountName and domain of the engine's own account, whose changes are ignored (event 6912). */
  serviceAccount: z.string().optional(),
});
export type PasswordSync = z.infer<typeof passwordSyncSchema>;

/** Where domain controllers deliver their changes. */
export const channelSchema = z.strictObject({
  host: z.string().default('0.0.0.0'),
  port: z.int().min(0).max(65_535).default(6947),
  /** Service class and host that domain controllers ask a ticket for, `PCNSCLNT/<fqdn>`. */
  spn: z.string().regex(/^[A-Za-z0-9_-]+\/[A-Za-z0-9._-]+$/, 'Has the form class/host'),
  /** Keytab with that name's key. */
  keytab: z.string(),
  /** Company certificate and key, PEM files; a key of its own is made where absent. */
  certificateFile: z.string().optional(),
  keyFile: z.string().optional(),
});
export type Channel = z.infer<typeof channelSchema>;

export const keyKeeperSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key-file'), path: z.string().optional() }),
  z.strictObject({ kind: z.literal('keychain') }),
  z.strictObject({
    kind: z.literal('passphrase'),
    /** File or named pipe that the passphrase is read from at start. */
    path: z.string(),
  }),
]);
export type KeyKeeperChoice = z.infer<typeof keyKeeperSchema>;

/** A log on disk, set aside as `<path>.1`, `<path>.2` ... when it is full. */
export const logFileSchema = z.strictObject({
  path: z.string().min(1),
  /** Size at which the file is set aside, bytes. */
  maxSize: z.int().min(65_536).max(1_073_741_824).default(16_777_216),
  /** Files kept besides the current one. */
  keep: z.int().min(1).max(100).default(5),
});
export type LogFileSettings = z.infer<typeof logFileSchema>;

/** The whole configuration of one server; holds no secret. */
export const configurationSchema = z
  .strictObject({
    version: z.literal(1),
    keyKeeper: keyKeeperSchema.default({ kind: 'key-file' }),
    /** 0 minimal, 1 normal, 2 high, 3 verbose, as FeaturePwdSyncLogLevel. */
    logLevel: z.int().min(0).max(3).default(1),
    /** Loopback port of the Prometheus text; 0 picks a free one, absent switches it off. */
    metricsPort: z.int().min(0).max(65_535).optional(),
    /** Where the log goes; standard error where absent. */
    logFile: logFileSchema.optional(),
    passwordSync: passwordSyncSchema.prefault({}),
    channel: channelSchema.optional(),
    remote: remoteAccessSchema.optional(),
    agents: z.array(agentSchema).default([]),
    metaverse: metaverseRulesSchema.prefault({}),
    singleSignOn: singleSignOnSchema.prefault({}),
    snapshots: snapshotSettingsSchema.prefault({}),
  })
  .superRefine((configuration, context) => {
    const breaches = findRuleBreaches({
      agents: configuration.agents,
      ids: new Set(configuration.agents.map(({ id }) => id)),
      syncEnabled: configuration.passwordSync.enabled,
      hasChannel: configuration.channel !== undefined,
      metaverse: configuration.metaverse,
    });
    for (const { severity, path, message, fix } of breaches)
      if (severity === 'error')
        context.addIssue({ code: 'custom', path: [...path], message, params: { fix } });
  });
export type Configuration = z.infer<typeof configurationSchema>;
