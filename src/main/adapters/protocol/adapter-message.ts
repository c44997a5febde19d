import { z } from 'zod';

/** Version of the protocol that both ends speak. */
export const protocolVersion = 1;
/** Longest line without its secrets, bytes. */
export const longestLine = 64 * 1024;
/** Longest password, bytes. */
export const longestSecret = 4096;

const id = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const account = z.string().min(1).max(1024);
const text = z.string().max(4096).default('');
/** Milliseconds since 1970 UTC; 0 is now. */
const timestamp = z.int().min(0).max(8_640_000_000_000_000).default(0);
const secretLength = z.int().min(0).max(longestSecret);
/** Bytes of the passwords that follow the line, in this order. */
const secrets = z.strictObject({ newPassword: secretLength, oldPassword: secretLength.optional() });

/** What an adapter says. */
export const adapterMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    protocol: z.literal(protocolVersion),
    adapter: z.string().min(1).max(64),
    /** What the token file holds: proves the access account. */
    token: z.string().min(1).max(256),
    software: z.string().max(256).default(''),
  }),
  z.strictObject({ type: z.literal('receive'), id, wait: z.boolean().default(true) }),
  z.strictObject({
    type: z.literal('confirm'),
    id,
    notification: id,
    /** 0 is success. */
    errorCode: z.int().min(-2_147_483_648).max(4_294_967_295).default(0),
    errorMessage: text,
    /** Whether the same change may work out later. */
    retry: z.boolean().default(false),
  }),
  z.strictObject({
    type: z.literal('report'),
    id,
    externalAccount: account,
    timestamp,
    trackingId: z.guid().optional(),
    secrets,
  }),
  z.strictObject({
    type: z.literal('status'),
    id,
    state: z.enum(['online', 'offline']),
    code: z.int().default(0),
    message: text,
  }),
  z.strictObject({ type: z.literal('password-expired'), id, externalAccount: account }),
  z.strictObject({ type: z.literal('shutdown'), id }),
]);
export type AdapterMessage = z.infer<typeof adapterMessageSchema>;
export type AdapterMessageInput = z.input<typeof adapterMessageSchema>;

/** What the server gives in answer to `receive`. */
export const notificationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({
    kind: z.literal('password-change'),
    notification: id,
    trackingId: z.string(),
    application: z.string(),
    externalAccount: account,
    timestamp,
    secrets,
  }),
  z.object({ kind: z.literal('status-request') }),
  z.object({ kind: z.literal('shutdown') }),
  z.object({ kind: z.literal('adapters-in-group'), adapters: z.array(z.string()) }),
  z.object({ kind: z.literal('add-adapter'), adapter: z.string() }),
  z.object({ kind: z.literal('delete-adapter'), adapter: z.string() }),
]);
const kinds: ReadonlySet<string> = new Set(notificationSchema.options.map(({ shape }) => shape.kind.value));
export type AdapterNotification = z.infer<typeof notificationSchema>;

/** What the server says. Unknown properties are left aside, so that an older adapter understands a newer server. */
export const serverMessageSchema = z.union([
  z.object({
    type: z.literal('welcome'),
    protocol: z.literal(protocolVersion),
    session: z.string(),
    /** A session of this adapter was open still: what it had not confirmed comes again. */
    reconnected: z.boolean(),
    maxPending: z.int(),
    keepAliveSeconds: z.number(),
    properties: z.record(z.string(), z.string()),
    sendsChanges: z.boolean(),
    receivesChanges: z.boolean(),
    needsOldPassword: z.boolean(),
  }),
  z.object({ type: z.literal('refused'), event: z.int(), message: z.string(), fix: z.string().optional() }),
  z.object({ type: z.literal('notification'), id }).and(notificationSchema),
  // A notification of a kind that comes with a newer server is passed over.
  z
    .object({
      type: z.literal('notification'),
      id,
      kind: z.string().refine((kind) => !kinds.has(kind)),
    })
    .transform((message) => ({ ...message, kind: 'none' as const })),
  z.object({
    type: z.literal('result'),
    id,
    ok: z.boolean(),
    event: z.int().optional(),
    message: z.string().optional(),
    trackingId: z.string().optional(),
    /** Whether the same message may be taken later. */
    retry: z.boolean().default(false),
  }),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;
export type ServerMessageInput = z.input<typeof serverMessageSchema>;
