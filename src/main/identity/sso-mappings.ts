import { type Agent, isDirectoryAgent, type SsoAgent } from '#shared/model/agent.ts';
import { identityAttribute } from '#shared/model/agent-entsso.ts';
import { domainOf } from '#shared/model/domain-of.ts';
import { nameRecord } from '#shared/text/record-name.ts';

import { type SpaceObject, valuesOf } from './connector-space.ts';
import type { Attributes } from './import-source.ts';

/** A person as ENTSSO.xml sees it. */
export interface MappedIdentity {
  /** `DOMAIN\name`. */
  readonly account: string;
  /** Immutable name of the Windows identity. */
  readonly anchor: string;
  readonly dn: string;
  readonly partition: string;
  /** External user id by application, where the person has one. */
  readonly externalUsers: ReadonlyMap<string, string>;
}

/** Whose mappings a person's objects ask for; undefined for a person without a Windows identity. */
export function mappedIdentityOf(
  agent: SsoAgent,
  connectors: readonly SpaceObject[],
  agents: readonly Agent[],
): MappedIdentity | undefined {
  const { mappings } = agent;
  const [partition] = agent.partitions;
  if (mappings === undefined || partition === undefined) return undefined;
  const windows = connectors.find((connector) => connector.agent === mappings.windowsAgent);
  const [name] = windows === undefined ? [] : valuesOf(windows.attributes, 'sAMAccountName');
  const directory = agents.find(({ id }) => id === mappings.windowsAgent);
  if (windows === undefined || name === undefined || directory === undefined || !isDirectoryAgent(directory))
    return undefined;
  const home = directory.partitions.find(({ dn }) => dn === windows.partition) ?? { dn: windows.partition };
  const account = `${domainOf({ passwordSource: undefined, ...home })}\\${name}`;
  const externalUsers = new Map<string, string>();
  for (const { name: application, source } of mappings.applications) {
    const externalUser = externalUserOf(agent, source, connectors);
    if (externalUser !== undefined) externalUsers.set(application, externalUser);
  }
  return {
    account,
    anchor: windows.anchor,
    dn: nameRecord(account, partition.dn),
    partition: partition.dn,
    externalUsers,
  };
}

/** The mappings that a new object begins with; undefined where there are none to make. */
export function firstMappings({ mappings }: SsoAgent, identity: MappedIdentity): Attributes | undefined {
  const made = (mappings?.applications ?? []).flatMap((application) => {
    const externalUser = application.create ? identity.externalUsers.get(application.name) : undefined;
    return externalUser === undefined ? [] : [[application.name, [externalUser]] as const];
  });
  if (made.length === 0) return undefined;
  return { ...Object.fromEntries(made), [identityAttribute]: [identity.anchor] };
}

/** What an object's mappings lack or have too many: an empty list stands for one that goes. */
export function changedMappings(
  { mappings }: SsoAgent,
  identity: MappedIdentity,
  current: Attributes,
): Attributes {
  const changes: Record<string, readonly string[]> = {};
  for (const application of mappings?.applications ?? []) {
    const [before] = valuesOf(current, application.name);
    const wanted = identity.externalUsers.get(application.name);
    if (before === wanted) continue;
    if (before === undefined && application.create && wanted !== undefined)
      changes[application.name] = [wanted];
    if (before === undefined || !application.delete) continue;
    changes[application.name] = wanted !== undefined && application.create ? [wanted] : [];
  }
  return changes;
}

function externalUserOf(
  { mappings }: SsoAgent,
  source: Agent['id'],
  connectors: readonly SpaceObject[],
): string | undefined {
  const described = mappings?.sources.find(({ agent }) => agent === source);
  const { objectType = 'person', attribute = 'uid' } = described ?? {};
  const object = connectors.find(
    (connector) =>
      connector.agent === source && connector.objectType.toLowerCase() === objectType.toLowerCase(),
  );
  return object === undefined ? undefined : valuesOf(object.attributes, attribute)[0];
}
