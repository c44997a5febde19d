import { z } from 'zod';

/** Largest value of the unsigned 32-bit settings. */
const dword = 4_294_967_295;

/** Targets that one configuration may hold. */
export const maxTargets = 50;
/** Port of the receiver's channel where a target's server names none. */
export const defaultTargetPort = 6947;

export const sidSchema = z
  .string()
  .regex(/^S-1-\d{1,14}(-\d{1,10}){1,15}$/, 'Is a security identifier, S-1-...');

const addressPattern = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?))(?::(\d{1,5}))?$/i;

/** Host and port of a target's server; undefined where `server` is no `host`, `host:port` or `[ipv6]:port`. */
export function tryParseServer(server: string): { readonly host: string; readonly port: number } | undefined {
  const match = addressPattern.exec(server);
  const port = match?.[3] === undefined ? defaultTargetPort : Number(match[3]);
  const host = match?.[1] ?? match?.[2];
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

/** The service's own settings, MS-MIIS-PCNS-Service. */
export const pcnsServiceSchema = z.strictObject({
  /** Changes kept waiting; 0 is unlimited. A full queue drops its oldest. */
  maximumQueueLength: z.int().min(0).max(dword).default(0),
  /** Seconds after which a waiting change expires; 0 is unlimited. */
  maximumQueueAge: z.int().min(0).max(dword).default(259_200),
  /** Tries of one notification; 0 is unlimited. */
  maximumNotificationRetries: z.int().min(0).max(1000).default(0),
  /** Seconds between tries. */
  retryInterval: z.int().min(10).max(3600).default(60),
});
export type PcnsService = z.infer<typeof pcnsServiceSchema>;

/** One receiver of changes, MS-MIIS-PCNS-Target. */
export const pcnsTargetSchema = z.strictObject({
  guid: z.guid().toLowerCase(),
  /** Friendly name, unique without regard to case. */
  name: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .regex(/^[^\p{Cc}/\\,+"<>;=#]+$/u, 'Holds a character that a directory name cannot'),
  /** `host` or `host:port`. */
  server: z.string().max(270).refine(tryParseServer, 'Is not a host name or address with an optional port'),
  /** Service class and host that a ticket is asked for. */
  spn: z
    .string()
    .max(512)
    .regex(/^[A-Za-z0-9_-]+\/[A-Za-z0-9._-]+$/, 'Has the form class/host'),
  /** Members, direct or nested, have their changes sent. */
  inclusionSid: sidSchema,
  /** Members, direct or nested, have them held back. */
  exclusionSid: sidSchema.optional(),
  /** 1 distinguished name, 3 NT4 name. */
  userNameFormat: z.union([z.literal(1), z.literal(3)]).default(3),
  /** Seconds between status messages; 0 sends none. */
  keepAliveInterval: z.int().min(0).max(dword).default(0),
  disabled: z.boolean().default(false),
  /** Waiting changes at which a warning is logged; 0 is never. */
  queueWarningLevel: z.int().min(0).max(dword).default(0),
  /** Minutes between repeated warnings. */
  queueWarningInterval: z.int().min(1).max(dword).default(30),
  /** SHA-256 of the receiver's public key (SPKI); absent where a certificate authority vouches for it. */
  fingerprint: z
    .string()
    .regex(/^sha256\/[A-Za-z0-9+/]{43}=$/, 'Is a fingerprint as the receiver prints it, sha256/...')
    .optional(),
});
export type PcnsTarget = z.infer<typeof pcnsTargetSchema>;

/** Where changes go, and how the service behaves: what PCNS keeps in the directory. */
export const pcnsConfigurationSchema = z
  .strictObject({
    service: pcnsServiceSchema.prefault({}),
    targets: z.array(pcnsTargetSchema).max(maxTargets).default([]),
  })
  .superRefine(({ targets }, context) => {
    for (const [index, target] of targets.entries()) {
      const twin = targets.findIndex((other) => other.name.toLowerCase() === target.name.toLowerCase());
      if (twin === index) continue;
      const message = `Another target is named "${target.name}"`;
      context.addIssue({ code: 'custom', path: ['targets', index, 'name'], message });
    }
  });
export type PcnsConfiguration = z.infer<typeof pcnsConfigurationSchema>;
