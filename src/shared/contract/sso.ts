import { z } from 'zod';

import { ssoServerSchema, ssoSystemSchema } from '../model/single-sign-on.ts';
import { windowsAccountSchema } from '../model/sso-account.ts';
import { ssoAdapterSchema } from '../model/sso-adapter.ts';
import { ssoApplicationSchema, ssoNameSchema } from '../model/sso-application.ts';
import { nameRulesSchema } from '../model/sso-name-rules.ts';
import { ssoPasswordFilterSchema } from '../model/sso-password-filter.ts';
import { defineContract } from '../rpc/contract.ts';
import { secretInput } from '../rpc/secret-input.ts';
import { secretOutput } from '../rpc/secret-output.ts';
import { auditLineSchema, auditTableSchema } from './audit-line.ts';
import { instant } from './instant.ts';
import { externalUserSchema, mappingReferenceSchema, ssoMappingSchema } from './sso-mapping.ts';

/** Applications that one call takes. */
const mostAtOnce = 5000;

export const ssoRoleSchema = z.enum(['sso-administrator', 'affiliate-administrator', 'none']);

export const reEncryptionSchema = z.strictObject({
  running: z.boolean(),
  done: z.int(),
  total: z.int(),
  unreadable: z.int(),
});

export const ssoStatusSchema = z.strictObject({
  enabled: z.boolean(),
  /** This server as the system names it; absent where the system has none of this name. */
  server: z.string().optional(),
  hostName: z.string(),
  /** Who asks, and the highest role of it. */
  account: z.string(),
  role: ssoRoleSchema,
  applications: z.int(),
  adapters: z.int(),
  secret: z.strictObject({
    isSecretServer: z.boolean(),
    current: z.int().optional(),
    createdAt: instant.optional(),
    previous: z.array(z.int()),
    backedUpAt: instant.optional(),
    /** The current secret is in no backup. */
    needsBackup: z.boolean(),
  }),
  reEncryption: reEncryptionSchema,
});
export type SsoStatus = z.infer<typeof ssoStatusSchema>;

/** What a look-up gives. */
const credentialsSchema = z.strictObject({ externalUser: z.string(), fields: secretOutput() });

/** What of a definition changes; the server holds the whole against its schema. */
const changesSchema = z.record(z.string().max(64), z.unknown());
/** What the caller saw of the same values: refused as a conflict where they are others by now. */
const seenSchema = z.record(z.string().max(64), z.unknown()).optional();
const updateSchema = z.strictObject({ name: ssoNameSchema, changes: changesSchema, seen: seenSchema });
const name = z.strictObject({ name: ssoNameSchema });
const nothing = z.strictObject({});

/**
 * Single sign-on. Every method is open to whoever reached the service: who may is decided by the roles of the
 * caller's account, with each refusal audited, and not by the access of its connection.
 */
export const ssoContract = defineContract({
  methods: {
    'sso.status': { access: 'use', input: nothing, output: ssoStatusSchema },
    'sso.settings': {
      access: 'use',
      input: nothing,
      output: z.strictObject({ system: ssoSystemSchema, server: ssoServerSchema.optional() }),
    },
    /** Settings of the system and of this server. */
    'sso.changeSettings': {
      access: 'use',
      input: z.strictObject({ system: changesSchema.default({}), server: changesSchema.default({}) }),
      output: nothing,
    },

    'sso.applications': { access: 'use', input: nothing, output: z.array(ssoApplicationSchema) },
    'sso.application': { access: 'use', input: name, output: ssoApplicationSchema },
    'sso.createApplications': {
      access: 'use',
      input: z.strictObject({
        applications: z.array(ssoApplicationSchema).min(1).max(mostAtOnce),
        /** Those of them that are enabled once all are made. */
        enable: z.array(ssoNameSchema).max(mostAtOnce).default([]),
      }),
      output: nothing,
    },
    /** `null` takes an optional value away. */
    'sso.updateApplications': {
      access: 'use',
      input: z.strictObject({
        updates: z.array(updateSchema).min(1).max(mostAtOnce),
      }),
      output: nothing,
    },
    /** All of them or none. */
    'sso.deleteApplications': {
      access: 'use',
      input: z.strictObject({ names: z.array(ssoNameSchema).min(1).max(mostAtOnce) }),
      output: z.strictObject({ mappings: z.int() }),
    },
    'sso.clearCache': { access: 'use', input: name, output: nothing },

    'sso.mappings': {
      access: 'use',
      input: z.strictObject({
        application: ssoNameSchema.optional(),
        windowsAccount: windowsAccountSchema.optional(),
        externalUser: z.string().min(1).max(256).optional(),
        after: z.int().min(0).optional(),
        limit: z.int().min(1).max(10_000).default(1000),
      }),
      output: z.array(ssoMappingSchema),
    },
    'sso.setMappingEnabled': {
      access: 'use',
      input: z.strictObject({ mapping: mappingReferenceSchema, enabled: z.boolean() }),
      output: nothing,
    },
    /** What the wizard would make: every user of these accounts with its external name, and what forbids it. */
    'sso.planMappings': {
      access: 'use',
      input: z.strictObject({
        application: ssoNameSchema,
        accounts: z.array(windowsAccountSchema).min(1).max(64),
        rules: nameRulesSchema,
        limit: z.int().min(1).max(100_000).default(10_000),
      }),
      output: z.array(
        z.strictObject({
          windowsAccount: z.string(),
          externalUser: z.string(),
          problem: z.string().optional(),
        }),
      ),
    },
    /**
     * Credential fields as one secret: each value with its length before it, 16 bits. The mapping is made and enabled
     * where `externalUser` is given and there is none.
     */
    'sso.setCredentials': {
      access: 'use',
      input: z.strictObject({
        mapping: mappingReferenceSchema,
        fields: secretInput(65_536),
        windowsPassword: secretInput(1024).optional(),
      }),
      output: z.strictObject({ created: z.boolean() }),
    },
    /** A ticket for the caller's own account, base64. */
    'sso.issueTicket': { access: 'use', input: nothing, output: z.strictObject({ ticket: z.string() }) },

    /** The caller's own external credentials: user name, and the other fields as `sso.setCredentials` takes them. */
    'sso.getCredentials': {
      access: 'use',
      givesSecrets: true,
      input: z.strictObject({ application: ssoNameSchema }),
      output: credentialsSchema,
    },
    /** The credentials of a ticket's account, for an Application Administrator. `sender` has the ticket validated. */
    'sso.redeemTicket': {
      access: 'use',
      givesSecrets: true,
      input: z.strictObject({
        application: ssoNameSchema,
        ticket: secretInput(2048),
        sender: windowsAccountSchema.optional(),
      }),
      output: credentialsSchema,
    },
    /** Host-initiated: the Windows account that an external one stands for. */
    'sso.getWindowsAccount': {
      access: 'use',
      input: z.strictObject({
        application: ssoNameSchema,
        externalUser: externalUserSchema,
        password: secretInput(1024).optional(),
      }),
      output: z.strictObject({ windowsAccount: z.string() }),
    },

    'sso.filters': { access: 'use', input: nothing, output: z.array(ssoPasswordFilterSchema) },
    /** `seen`: the filter as the caller read it, null for a new one; refused as a conflict where it is another by now. */
    'sso.saveFilter': {
      access: 'use',
      input: z.strictObject({ filter: ssoPasswordFilterSchema, seen: ssoPasswordFilterSchema.nullish() }),
      output: nothing,
    },
    'sso.deleteFilter': { access: 'use', input: name, output: nothing },
    'sso.assignFilter': {
      access: 'use',
      input: z.strictObject({ application: ssoNameSchema, filter: ssoNameSchema.optional() }),
      output: nothing,
    },

    'sso.adapters': {
      access: 'use',
      input: nothing,
      output: z.array(
        z.strictObject({
          adapter: ssoAdapterSchema,
          applications: z.array(z.string()),
          members: z.array(z.string()),
        }),
      ),
    },
    'sso.createAdapters': {
      access: 'use',
      input: z.strictObject({ adapters: z.array(ssoAdapterSchema).min(1).max(64) }),
      output: nothing,
    },
    /** All of them or none. */
    'sso.updateAdapters': {
      access: 'use',
      input: z.strictObject({ updates: z.array(updateSchema).min(1).max(64) }),
      output: nothing,
    },
    'sso.deleteAdapter': { access: 'use', input: name, output: nothing },
    'sso.assignApplication': {
      access: 'use',
      input: z.strictObject({ application: ssoNameSchema, adapter: ssoNameSchema }),
      output: nothing,
    },
    'sso.unassignApplication': {
      access: 'use',
      input: z.strictObject({ application: ssoNameSchema }),
      output: nothing,
    },
    'sso.addToGroup': {
      access: 'use',
      input: z.strictObject({ adapter: ssoNameSchema, group: ssoNameSchema }),
      output: nothing,
    },
    'sso.removeFromGroup': {
      access: 'use',
      input: z.strictObject({ adapter: ssoNameSchema, group: ssoNameSchema }),
      output: nothing,
    },

    /** Whether `ENTSSO/<connectTo>` is registered in that form, once, on the server's account, and the clocks agree. */
    'sso.checkSpn': {
      access: 'use',
      input: z.strictObject({
        connectTo: z
          .string()
          .max(255)
          .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/, 'Is not the name of a computer'),
      }),
      output: z.strictObject({
        spn: z.string(),
        accounts: z.array(z.string()),
        clockDifferenceMs: z.number().optional(),
        findings: z.array(z.strictObject({ message: z.string(), fix: z.string() })),
      }),
    },

    'sso.audit': {
      access: 'use',
      input: z.strictObject({
        table: auditTableSchema,
        before: z.int().min(1).optional(),
        limit: z.int().min(1).max(1000).default(100),
      }),
      output: z.array(auditLineSchema),
    },
    /** Goes along the chain of every audit table. */
    'sso.verifyAudit': {
      access: 'use',
      input: nothing,
      output: z.strictObject({
        lines: z.int(),
        findings: z.array(
          z.strictObject({ table: auditTableSchema, sequence: z.int().optional(), problem: z.string() }),
        ),
      }),
    },
  },
  topics: { 'sso.changed': { access: 'use', payload: nothing } },
});
