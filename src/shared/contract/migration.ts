import { z } from 'zod';

import { agentIdSchema } from '../model/change.ts';
import { defineContract } from '../rpc/contract.ts';
import { secretInput } from '../rpc/secret-input.ts';
import { connectionStepSchema } from './agents.ts';
import { mistakeSchema } from './configuration.ts';

const noteSchema = z.strictObject({
  setting: z.string(),
  verdict: z.enum(['taken over', 'approximated', 'kept only']),
  detail: z.string(),
});

/** Kinds that somebody chose for agents, by id: `ldap:openldap`. */
const kindsSchema = z.record(agentIdSchema, z.string().max(32)).default({});

const migrationPreviewSchema = z.strictObject({
  files: z.array(z.string()),
  agents: z.array(
    z.strictObject({
      id: agentIdSchema,
      name: z.string(),
      category: z.string(),
      /** What it becomes; absent where only its file is kept. */
      kind: z.string().optional(),
      /** What it can become, `ldap:sun` or `sql-server`, the obvious one first; empty where it is kept only. */
      choices: z.array(z.string()),
      /** Whether the configuration has this agent already. */
      exists: z.boolean(),
      needsPassword: z.boolean(),
      notes: z.array(noteSchema),
    }),
  ),
  /** Applications and adapters of single sign-on. */
  definitions: z.array(
    z.strictObject({
      /** `applications/SAP`: as a part of a snapshot is called. */
      key: z.string(),
      kind: z.enum(['application', 'adapter']),
      name: z.string(),
      exists: z.boolean(),
      /** Why it cannot come over as it stands. */
      problem: z.string().optional(),
    }),
  ),
  /** Mappings whose application is there or comes over. */
  mappings: z.int(),
  /** Targets of password change notification, as the listing names them. */
  targets: z.array(
    z.strictObject({
      name: z.string(),
      server: z.string(),
      spn: z.string(),
      inclusionGroup: z.string(),
      exclusionGroup: z.string(),
      /** How it stands in the directory that this server reads. */
      state: z.enum(['missing', 'leads elsewhere', 'leads here', 'unknown']),
      /** Makes it lead to this server; absent where it does. */
      command: z.string().optional(),
    }),
  ),
  /** What of the server and of the system came over. */
  notes: z.array(noteSchema),
});
export type MigrationPreview = z.infer<typeof migrationPreviewSchema>;

/**
 * The way over from Identity Manager, Enterprise Single Sign-On and password change notification: their files, one by
 * one, then a look, then the import.
 */
export const migrationContract = defineContract({
  methods: {
    /** Keeps one file of an export as it came. Throws `invalid_input` for what is none of it. */
    'migration.upload': {
      access: 'administer',
      input: z.strictObject({
        name: z.string().regex(/^[A-Za-z0-9{}._ -]{1,128}$/, 'Not the name of a file'),
        /** Packed by gzip (RFC 1952), as schemas make files long; at most 32 MB unpacked. */
        content: z.base64().max(3_500_000, 'The file is too large to send'),
        /** The first of another export: once it is found good, what was kept before goes. */
        fresh: z.boolean().default(false),
      }),
      output: z.strictObject({ files: z.array(z.string()) }),
    },
    /** What the kept files would become. */
    'migration.preview': {
      access: 'browse',
      input: z.strictObject({ kinds: kindsSchema }),
      output: migrationPreviewSchema,
    },
    /** Tests the connection that an agent of the export would have, with the password that somebody typed for it. */
    'migration.test': {
      access: 'administer',
      input: z.strictObject({
        agent: agentIdSchema,
        kinds: kindsSchema,
        secret: secretInput(4096).optional(),
      }),
      output: z.strictObject({ ok: z.boolean(), steps: z.array(connectionStepSchema) }),
    },
    /**
     * Makes the chosen agents, in shadow mode, and the chosen definitions, disabled, in one step with a moment of the
     * history before it: no password is written before a target is switched to live.
     */
    'migration.import': {
      access: 'administer',
      input: z.strictObject({
        agents: z.array(agentIdSchema).max(1000),
        kinds: kindsSchema,
        /** Keys of definitions. */
        definitions: z.array(z.string().max(128)).max(10_000).default([]),
        mappings: z.boolean().default(false),
        /** Settings of the server and of the single sign-on system, too. */
        options: z.boolean().default(false),
        revision: z.string(),
      }),
      output: z.strictObject({
        revision: z.string(),
        agents: z.array(z.string()),
        definitions: z.array(z.string()),
        mappings: z.int(),
        /** Moment that brings everything back. */
        before: z.int(),
        mistakes: z.array(mistakeSchema),
      }),
    },
    /**
     * Makes a target in the directory that leads to this server, beside the one of the listing, as the account of the
     * domain's agent: from then on this server gets every change too. Throws `forbidden` where the account has no
     * right to it, `conflict` where this server does not listen.
     */
    'migration.lead': {
      access: 'administer',
      input: z.strictObject({ target: z.string().min(1).max(128) }),
      output: z.strictObject({}),
    },
    /** One kept file, with what was changed here since. */
    'migration.export': {
      access: 'browse',
      input: z.strictObject({ name: z.string().min(1).max(128) }),
      /** Packed by gzip. */
      output: z.strictObject({ content: z.base64() }),
    },
    'migration.forget': { access: 'administer', input: z.strictObject({}), output: z.strictObject({}) },
  },
  topics: {},
});
