import { z } from 'zod';

import { agentIdSchema } from '../model/change.ts';
import { defineContract } from '../rpc/contract.ts';
import { mistakeSchema } from './configuration.ts';

const noteSchema = z.strictObject({
  setting: z.string(),
  verdict: z.enum(['taken over', 'approximated', 'kept only']),
  detail: z.string(),
});

const migrationPreviewSchema = z.strictObject({
  files: z.array(z.string()),
  agents: z.array(
    z.strictObject({
      id: agentIdSchema,
      name: z.string(),
      category: z.string(),
      /** What it becomes; absent where only its file is kept. */
      kind: z.string().optional(),
      /** Whether the configuration has this agent already. */
      exists: z.boolean(),
      needsPassword: z.boolean(),
      notes: z.array(noteSchema),
    }),
  ),
  notes: z.array(noteSchema),
});
export type MigrationPreview = z.infer<typeof migrationPreviewSchema>;

/** The way over from an Identity Manager server: its export, file by file, then a look, then the import. */
export const migrationContract = defineContract({
  methods: {
    /** Keeps one file of an export as it came. Throws `invalid_input` for what is none of it. */
    'migration.upload': {
      access: 'administer',
      input: z.strictObject({
        name: z.string().regex(/^[A-Za-z0-9{}._ -]{1,128}$/, 'Not the name of a file'),
        content: z.base64().max(3_500_000, 'The file is too large to send'),
      }),
      output: z.strictObject({ files: z.array(z.string()) }),
    },
    /** What the kept files would become. */
    'migration.preview': { access: 'browse', input: z.strictObject({}), output: migrationPreviewSchema },
    /** Makes the chosen agents, in shadow mode: they write no password before they are switched to live. */
    'migration.import': {
      access: 'administer',
      input: z.strictObject({ agents: z.array(agentIdSchema).min(1).max(1000), revision: z.string() }),
      output: z.strictObject({
        revision: z.string(),
        agents: z.array(z.string()),
        mistakes: z.array(mistakeSchema),
      }),
    },
    /** One kept file, with what was changed here since. */
    'migration.export': {
      access: 'browse',
      input: z.strictObject({ name: z.string().min(1).max(128) }),
      output: z.strictObject({ text: z.string() }),
    },
    'migration.forget': { access: 'administer', input: z.strictObject({}), output: z.strictObject({}) },
  },
  topics: {},
});
