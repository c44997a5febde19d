import { z } from 'zod';

import { defineContract } from '../rpc/contract.ts';
import { mistakeSchema } from './configuration.ts';
import { instant } from './instant.ts';

/** Longest snapshot that is sent at once; a larger one is worked with on the command line. */
const textLimit = 3_500_000;

/** Where a configuration comes from: what runs, a moment of its history, or a file's text. */
export const snapshotSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('running') }),
  z.strictObject({ kind: z.literal('moment'), id: z.int().min(1) }),
  z.strictObject({ kind: z.literal('text'), name: z.string().max(256), text: z.string().max(textLimit) }),
]);
export type SnapshotSource = z.infer<typeof snapshotSourceSchema>;

/** Keys of objects: `passwordSync`, `agents/<id>`. */
const partsSchema = z.array(z.string().min(1).max(1024)).min(1).max(10_000);

const propertyDifferenceSchema = z.strictObject({
  /** Place in the object: `password.retryCount`. */
  path: z.string(),
  /** As the console's sheets name it. */
  label: z.string(),
  state: z.enum(['same', 'changed', 'added', 'removed']),
  left: z.json().optional(),
  right: z.json().optional(),
  /** In a comparison of three: which side changed it, and whether both did so differently. */
  by: z.enum(['left', 'right', 'both', 'conflict']).optional(),
  base: z.json().optional(),
});
export type PropertyDifference = z.infer<typeof propertyDifferenceSchema>;

export const objectStateSchema = z.enum(['same', 'changed', 'added', 'removed', 'renamed', 'moved']);
export type ObjectState = z.infer<typeof objectStateSchema>;

/** One object, its place in the tree given by `depth`: a child follows its parent. */
const objectDifferenceSchema = z.strictObject({
  key: z.string(),
  depth: z.int(),
  /** `Management agent`, `Partition`. */
  kind: z.string(),
  name: z.string(),
  state: objectStateSchema,
  /** What a renamed object was called, or where a moved one was. */
  before: z.string().optional(),
  properties: z.array(propertyDifferenceSchema),
});
export type ObjectDifference = z.infer<typeof objectDifferenceSchema>;

export const comparisonSchema = z.strictObject({
  left: z.string(),
  right: z.string(),
  base: z.string().optional(),
  identical: z.boolean(),
  counts: z.strictObject({
    added: z.int(),
    removed: z.int(),
    changed: z.int(),
    renamed: z.int(),
    moved: z.int(),
    conflicts: z.int(),
  }),
  objects: z.array(objectDifferenceSchema),
});
export type Comparison = z.infer<typeof comparisonSchema>;

/** Values that are meant to differ between two servers, and properties that are not looked at. */
export const valueMappingSchema = z.strictObject({
  /** Text of the left side that stands for another on the right: `dc1.pilot.lab` for `dc1.fabrikam.com`. */
  values: z
    .array(z.strictObject({ left: z.string().min(1).max(2048), right: z.string().max(2048) }))
    .max(1000)
    .default([]),
  /** Places such as `channel.host` or `agents[].connection.url`. */
  ignore: z.array(z.string().min(1).max(256)).max(1000).default([]),
});
export type ValueMapping = z.infer<typeof valueMappingSchema>;

const comparedSchema = z.strictObject({
  left: snapshotSourceSchema,
  right: snapshotSourceSchema,
  base: snapshotSourceSchema.optional(),
  mapping: valueMappingSchema.prefault({}),
  /** Objects and properties that are the same, too. */
  all: z.boolean().default(false),
});

const planStepSchema = z.strictObject({
  key: z.string(),
  act: z.enum(['create', 'change', 'delete']),
  kind: z.string(),
  name: z.string(),
  /** What changes, in words. */
  details: z.array(z.string()),
  needsPassword: z.boolean(),
  needsFullImport: z.boolean(),
});
export type PlanStep = z.infer<typeof planStepSchema>;

/** What the snapshot has and a restore cannot bring back, with what to do. */
const notRestoredSchema = z.array(z.strictObject({ name: z.string(), reason: z.string(), fix: z.string() }));

export const restorePlanSchema = z.strictObject({
  source: z.string(),
  /** Of the configuration that the plan was made for; a restore at another one is refused. */
  revision: z.string(),
  steps: z.array(planStepSchema),
  notRestored: notRestoredSchema,
  /** Mistakes that the result would have; with an error among them nothing can be restored. */
  mistakes: z.array(mistakeSchema),
  possible: z.boolean(),
});
export type RestorePlan = z.infer<typeof restorePlanSchema>;

export const momentSchema = z.strictObject({
  id: z.int(),
  at: instant,
  /** Who, in words. */
  by: z.string(),
  kind: z.enum(['start', 'change', 'file', 'restore', 'undo', 'snapshot', 'import']),
  revision: z.string(),
  note: z.string(),
  /** What changed, from and to: the first hundred. */
  changes: z.array(
    z.strictObject({
      object: z.string(),
      property: z.string(),
      from: z.string().optional(),
      to: z.string().optional(),
    }),
  ),
});
export type Moment = z.infer<typeof momentSchema>;

const applied = z.strictObject({
  revision: z.string(),
  before: z.int(),
  steps: z.int(),
  notRestored: notRestoredSchema,
});

/** Configuration snapshots, their comparison, and the history of the configuration. */
export const snapshotsContract = defineContract({
  methods: {
    'snapshots.export': {
      access: 'browse',
      input: z.strictObject({
        source: snapshotSourceSchema.default({ kind: 'running' }),
        parts: partsSchema.optional(),
        /** With the mappings of applications. */
        mappings: z.boolean().default(false),
        /**
         * With what domain controllers read from their directory: targets, and settings of their service. Where it is
         * absent, a whole snapshot has them if the directory answers within 3 s.
         */
        pcns: z.boolean().optional(),
      }),
      output: z.strictObject({ fileName: z.string(), text: z.string(), sha256: z.string() }),
    },
    /** Keeps the configuration of now as a moment with a note. */
    'snapshots.take': {
      access: 'operate',
      input: z.strictObject({ note: z.string().trim().max(256).default('') }),
      output: momentSchema,
    },
    /** Newest first. */
    'snapshots.history': {
      access: 'browse',
      input: z.strictObject({
        limit: z.int().min(1).max(1000).default(100),
        before: z.int().min(1).optional(),
        /** The moment that was in force then. */
        at: instant.optional(),
      }),
      output: z.array(momentSchema),
    },
    'snapshots.compare': {
      access: 'browse',
      input: comparedSchema,
      output: comparisonSchema,
    },
    /** The same as a file. */
    'snapshots.compareReport': {
      access: 'browse',
      input: comparedSchema.extend({ format: z.enum(['html', 'markdown', 'json']) }),
      output: z.strictObject({ fileName: z.string(), text: z.string() }),
    },
    /** A comparison or a whole configuration as one document that opens without a network. */
    'snapshots.report': {
      access: 'browse',
      input: z.strictObject({ source: snapshotSourceSchema.default({ kind: 'running' }) }),
      output: z.strictObject({ fileName: z.string(), html: z.string() }),
    },
    'snapshots.plan': {
      access: 'browse',
      input: z.strictObject({ source: snapshotSourceSchema, parts: partsSchema.optional() }),
      output: restorePlanSchema,
    },
    /** Carries out the plan that was made at `revision`, whole or not at all. */
    'snapshots.restore': {
      access: 'administer',
      input: z.strictObject({
        source: snapshotSourceSchema,
        parts: partsSchema.optional(),
        revision: z.string(),
      }),
      output: applied,
    },
    /** Takes the last restore or import back. Throws `conflict` where the configuration was changed since. */
    'snapshots.undo': { access: 'administer', input: z.strictObject({}), output: applied },
  },
  topics: { 'snapshots.changed': { access: 'browse', payload: z.strictObject({}) } },
});
