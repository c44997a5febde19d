import { z } from 'zod';

import { agentSchema } from './agent.ts';
import { seconds } from './seconds.ts';

/** Tools > Options of Identity Manager, and the limits of the password queue. */
export const passwordSyncSchema = z.strictObject({
  /** Enable Password Synchronization. */
  enabled: z.boolean().default(false),
  /** Save last [n] password change/set event details. */
  historySize: z.int().min(1).max(1000).default(24),
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

/** The whole configuration of one server; holds no secret. */
export const configurationSchema = z
  .strictObject({
    version: z.literal(1),
    keyKeeper: keyKeeperSchema.default({ kind: 'key-file' }),
    /** 0 minimal, 1 normal, 2 high, 3 verbose, as FeaturePwdSyncLogLevel. */
    logLevel: z.int().min(0).max(3).default(1),
    /** Loopback port of the Prometheus text; 0 picks a free one, absent switches it off. */
    metricsPort: z.int().min(0).max(65_535).optional(),
    passwordSync: passwordSyncSchema.prefault({}),
    channel: channelSchema.optional(),
    agents: z.array(agentSchema).default([]),
  })
  .superRefine((configuration, context) => {
    const names = new Set<string>();
    const ids = new Set<string>();
    for (const [index, agent] of configuration.agents.entries()) {
      const at = ['agents', index];
      if (names.has(agent.name.toLowerCase()))
        context.addIssue({
          code: 'custom',
          path: [...at, 'name'],
          message: `Another agent is named "${agent.name}"`,
        });
      if (ids.has(agent.id))
        context.addIssue({
          code: 'custom',
          path: [...at, 'id'],
          message: `Another agent has the id ${agent.id}`,
        });
      names.add(agent.name.toLowerCase());
      ids.add(agent.id);
    }
    for (const [index, agent] of configuration.agents.entries()) {
      for (const [place, partition] of agent.partitions.entries()) {
        for (const [position, target] of (partition.passwordSource?.targets ?? []).entries()) {
          const path = ['agents', index, 'partitions', place, 'passwordSource', 'targets', position];
          if (!ids.has(target))
            context.addIssue({ code: 'custom', path, message: `No agent has the id ${target}` });
          else if (target === agent.id)
            context.addIssue({ code: 'custom', path, message: 'An agent is not its own target' });
        }
      }
    }
  });
export type Configuration = z.infer<typeof configurationSchema>;
