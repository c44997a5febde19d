import { z } from 'zod';

import { agentIdSchema } from './change.ts';
import { passwordSettingsSchema } from './password-settings.ts';
import { runProfileSchema } from './run-profile.ts';
import { seconds } from './seconds.ts';

const distinguishedNameSchema = z.string().min(1).max(2048);
const attributeNameSchema = z.string().regex(/^[A-Za-z][A-Za-z0-9.;-]*$/, 'Not an attribute name');

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
    .array(z.strictObject({ connector: attributeNameSchema, person: attributeNameSchema }))
    .min(1)
    .max(8),
});
export type JoinRule = z.infer<typeof joinRuleSchema>;

export const attributeFlowSchema = z.strictObject({
  connector: attributeNameSchema,
  person: attributeNameSchema,
});
export type AttributeFlow = z.infer<typeof attributeFlowSchema>;

const agentBase = {
  id: agentIdSchema,
  name: z.string().trim().min(1).max(64),
  description: z.string().max(1024).default(''),
  connection: ldapConnectionSchema,
  partitions: z.array(partitionSchema).min(1),
  /** Tried in order; the first that finds exactly one person joins. */
  join: z.array(joinRuleSchema).default([]),
  /** Creates a person for every object that joined none. */
  project: z.boolean().default(false),
  /** Import attribute flow. */
  flow: z.array(attributeFlowSchema).default([]),
  password: passwordSettingsSchema.prefault({}),
  runProfiles: z.array(runProfileSchema).default([]),
};

export const ldapProfileSchema = z.enum(['openldap', 'sun', 'ibm', 'edirectory', 'adlds', 'generic']);
export type LdapProfile = z.infer<typeof ldapProfileSchema>;

export const agentSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...agentBase, kind: z.literal('active-directory') }),
  z.strictObject({
    ...agentBase,
    kind: z.literal('ldap'),
    /** Which product's rules apply: password operation, delta import, error words. `sun` includes 389 and Netscape. */
    profile: ldapProfileSchema.default('generic'),
  }),
]);
export type Agent = z.infer<typeof agentSchema>;
export type AgentKind = Agent['kind'];
