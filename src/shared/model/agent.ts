import { z } from 'zod';

import { columnNameSchema, recordShape } from './agent-column.ts';
import {
  databaseFileSchema,
  databaseServerSchema,
  passwordMethodSchema,
  tableShape,
} from './agent-database.ts';
import { ssoConnectionSchema, ssoMappingsSchema } from './agent-entsso.ts';
import { extensionSchema } from './agent-extension.ts';
import { delimitedLayoutSchema, fileConnectionSchema, fixedWidthLayoutSchema } from './agent-file.ts';
import { agentIdSchema } from './change.ts';
import { identityRuleShape } from './identity-rules.ts';
import { passwordSettingsSchema } from './password-settings.ts';
import { runProfileSchema } from './run-profile.ts';
import { seconds } from './seconds.ts';

const distinguishedNameSchema = z.string().min(1).max(2048);

const ldapUrl = /^(?:ldaps?:\/\/(?:\[[0-9a-fA-F:.]+\]|[^\s/:[\]]+)(?::\d{1,5})?\/?|ldapi:\/\/\S+)$/;

/**
 * How a directory is reached and who the agent is there.
 * `password` credentials live in the vault under the agent's id, never here.
 */
export const ldapConnectionSchema = z.strictObject({
  /** `ldaps://host:port`, `ldap://host:port` or `ldapi://%2Fpath%2Fto%2Fsocket`. */
  url: z.string().regex(ldapUrl, 'Has the form ldaps://host:port, ldap://host:port or ldapi://%2Fpath'),
  /** Trusted certificate authority, PEM file; the system's own list where absent. */
  caFile: z.string().optional(),
  /** Name that the server's certificate must carry, where it differs from the host in `url`. */
  serverName: z.string().optional(),
  authentication: z
    .discriminatedUnion('method', [
      z.strictObject({ method: z.literal('simple'), user: z.string().min(1) }),
      z.strictObject({
        method: z.literal('gssapi'),
        /** Kerberos name of the agent's account, `name@REALM`. */
        principal: z.string().optional(),
        /** Client keytab; the process' credential cache where absent. */
        keytab: z.string().optional(),
      }),
      z.strictObject({ method: z.literal('external') }),
    ])
    .describe('How the agent proves who it is'),
  /** Connection timeout. */
  connectTimeout: seconds(1, 600, 10),
});
export type LdapConnection = z.infer<typeof ldapConnectionSchema>;

/** One naming context of a directory: "Configure Directory Partitions". */
export const partitionSchema = z.strictObject({
  dn: distinguishedNameSchema,
  /** Containers to import from; the whole partition where empty. */
  include: z.array(distinguishedNameSchema).default([]),
  exclude: z.array(distinguishedNameSchema).default([]),
  /** LDAP filter of the objects to import (RFC 4515); the kind's own default where absent. */
  filter: z.string().optional(),
  passwordSource: z
    .strictObject({
      /** Enable this partition as a password synchronization source. */
      enabled: z.boolean().default(false),
      /** NetBIOS name of the domain that this partition holds. */
      domain: z.string().min(1).max(15),
      /** Targets: ids of the management agents that receive its changes. */
      targets: z.array(agentIdSchema).default([]),
      /** Changes that one partition may send in 24 hours, 1 to 9999; no limit where absent. */
      maxChangesPerDay: z.int().min(1).max(9999).optional(),
    })
    .optional(),
});
export type Partition = z.infer<typeof partitionSchema>;

/** One condition of a join: the connector's attribute equals the person's. */
export const joinRuleSchema = z.strictObject({
  /** All pairs must match; text compares without regard to case. */
  mappings: z
    .array(z.strictObject({ connector: columnNameSchema, person: columnNameSchema }))
    .min(1)
    .max(8),
});
export type JoinRule = z.infer<typeof joinRuleSchema>;

const agentBase = {
  id: agentIdSchema,
  name: z.string().trim().min(1).max(64),
  description: z.string().max(1024).default(''),
  /** Tried in order; the first that finds exactly one person joins. */
  join: z.array(joinRuleSchema).default([]),
  /** Creates a person for every object that joined none. */
  project: z.boolean().default(false),
  ...identityRuleShape,
  password: passwordSettingsSchema.prefault({}),
  runProfiles: z.array(runProfileSchema).default([]),
};

const directoryBase = {
  ...agentBase,
  connection: ldapConnectionSchema,
  partitions: z.array(partitionSchema).min(1),
};

export const ldapProfileSchema = z.enum([
  'openldap',
  'sun',
  'ibm',
  'edirectory',
  'domino',
  'adlds',
  'generic',
]);
export type LdapProfile = z.infer<typeof ldapProfileSchema>;

/** Objects without names of their own get one below their only partition. */
const recordPartitions = z
  .array(partitionSchema)
  .length(1)
  .prefault([{ dn: 'OU=default' }]);

const fileBase = {
  ...agentBase,
  connection: fileConnectionSchema,
  /** Takes the passwords; without one the file is only read. */
  passwordExtension: extensionSchema.optional(),
  /** Where exports are written as changes, for whatever takes them from there; nothing is exported where absent. */
  exportFile: z.string().min(1).max(4096).optional(),
};
const recordFileBase = { ...fileBase, ...recordShape, partitions: recordPartitions };
/** Entries that have distinguished names. */
const entryFileBase = {
  ...fileBase,
  partitions: z.array(partitionSchema).min(1),
  /** Attribute that names an entry for good; its distinguished name where absent. */
  anchorAttribute: columnNameSchema.optional(),
};

const databaseBase = {
  ...agentBase,
  ...recordShape,
  ...tableShape,
  partitions: recordPartitions,
  passwordMethod: passwordMethodSchema.optional(),
};
const serverBase = { ...databaseBase, connection: databaseServerSchema };

const directoryKinds = [
  z.strictObject({ ...directoryBase, kind: z.literal('active-directory') }),
  z.strictObject({
    ...directoryBase,
    kind: z.literal('ldap'),
    /** Which product's rules apply: password operation, delta import, error words. `sun` includes 389 and Netscape. */
    profile: ldapProfileSchema.default('generic'),
  }),
] as const;

/** An agent of a directory that is reached over LDAP. */
export const directoryAgentSchema = z.discriminatedUnion('kind', directoryKinds);
export type DirectoryAgent = z.infer<typeof directoryAgentSchema>;

export const agentSchema = z.discriminatedUnion('kind', [
  ...directoryKinds,
  z.strictObject({
    ...recordFileBase,
    kind: z.literal('delimited'),
    layout: delimitedLayoutSchema.prefault({}),
  }),
  z.strictObject({ ...recordFileBase, kind: z.literal('fixed-width'), layout: fixedWidthLayoutSchema }),
  z.strictObject({ ...recordFileBase, kind: z.literal('attribute-value') }),
  z.strictObject({ ...entryFileBase, kind: z.literal('ldif') }),
  z.strictObject({ ...entryFileBase, kind: z.literal('dsml') }),
  z.strictObject({ ...databaseBase, connection: databaseFileSchema, kind: z.literal('sqlite') }),
  z.strictObject({ ...serverBase, kind: z.literal('postgresql') }),
  z.strictObject({ ...serverBase, kind: z.literal('mysql') }),
  z.strictObject({ ...serverBase, kind: z.literal('sql-server') }),
  z.strictObject({ ...serverBase, kind: z.literal('oracle') }),
  z.strictObject({ ...serverBase, kind: z.literal('db2') }),
  z.strictObject({
    ...agentBase,
    kind: z.literal('extension'),
    connection: extensionSchema,
    partitions: recordPartitions,
  }),
  z.strictObject({
    ...agentBase,
    kind: z.literal('entsso'),
    connection: ssoConnectionSchema,
    partitions: recordPartitions,
    /** ENTSSO.xml of this agent; without it, nobody has an object here and so nobody's password is handed over. */
    mappings: ssoMappingsSchema.optional(),
  }),
]);
export type Agent = z.infer<typeof agentSchema>;
/** An agent as it is written, where defaults may be left out. */
export type AgentInput = z.input<typeof agentSchema>;
export type AgentKind = Agent['kind'];

/** An agent of a file, however its records are written. */
export type FileAgent = Extract<
  Agent,
  { kind: 'delimited' | 'fixed-width' | 'attribute-value' | 'ldif' | 'dsml' }
>;
/** An agent of a database that is reached through SQL. */
export type DatabaseAgent = Extract<Agent, { readonly table: string }>;
export type ExtensionAgent = Extract<Agent, { kind: 'extension' }>;
/** Enterprise Single Sign-On: makes mappings there and hands passwords over; nothing is read from it. */
export type SsoAgent = Extract<Agent, { kind: 'entsso' }>;

/** Whether the agent cannot sign in without a password from the vault. */
export function needsCredential(agent: Agent): boolean {
  if (isDirectoryAgent(agent)) return agent.connection.authentication.method === 'simple';
  if (agent.kind === 'entsso') return agent.connection.keytab === undefined;
  // A local socket tells the server whose process asks.
  return 'host' in agent.connection && !agent.connection.host.startsWith('/');
}

/** Whether the agent signs in by Kerberos. */
export function usesKerberos(agent: Agent): boolean {
  if (agent.kind === 'entsso') return true;
  return isDirectoryAgent(agent) && agent.connection.authentication.method === 'gssapi';
}

export function isDirectoryAgent(agent: Agent): agent is DirectoryAgent {
  return agent.kind === 'active-directory' || agent.kind === 'ldap';
}

export function isFileAgent(agent: Agent): agent is FileAgent {
  return 'encoding' in agent.connection;
}

export function isDatabaseAgent(agent: Agent): agent is DatabaseAgent {
  return 'table' in agent;
}
