import { foldDn, isWithin } from '../text/distinguished-name.ts';
import type { Agent, Partition } from './agent.ts';
import { findConnectionBreaches } from './find-connection-breaches.ts';
import { findMappingBreaches } from './find-mapping-breaches.ts';
import type { MetaverseRules } from './identity-rules.ts';

/** A breach of a rule that no single value shows. */
export interface RuleBreach {
  readonly severity: 'error' | 'warning';
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** One imperative sentence. */
  readonly fix: string;
}

/** What the rules look at: the agents that have a valid form, at their place in the list, and every id there is. */
export interface RuledConfiguration {
  readonly agents: readonly (Agent | undefined)[];
  readonly ids: ReadonlySet<string>;
  readonly syncEnabled: boolean;
  readonly hasChannel: boolean;
  readonly metaverse: MetaverseRules | undefined;
}

interface PlacedPartition {
  readonly agent: Agent;
  readonly partition: Partition;
  readonly path: readonly (string | number)[];
}

/** Checks what holds between values: names, targets, domains, links. Knows the text alone, no file and no server. */
export function findRuleBreaches(configuration: RuledConfiguration): readonly RuleBreach[] {
  const agents = configuration.agents.flatMap((agent, index) => (agent ? [{ agent, index }] : []));
  const partitions = agents.flatMap(({ agent, index }) =>
    agent.partitions.map((partition, place) => ({
      agent,
      partition,
      path: ['agents', index, 'partitions', place],
    })),
  );
  return [
    ...findDoubles(
      agents.map(({ agent, index }) => ({ key: agent.name.toLowerCase(), path: ['agents', index, 'name'] })),
      (name) => `Another agent is named "${name}"`,
      'Give each agent a name of its own.',
    ),
    ...findDoubles(
      agents.map(({ agent, index }) => ({ key: agent.id.toLowerCase(), path: ['agents', index, 'id'] })),
      (id) => `Another agent has the id ${id}`,
      'Give each agent a GUID of its own.',
    ),
    ...findDoubles(
      partitions
        .filter(({ partition }) => partition.passwordSource?.enabled)
        .map(({ partition, path }) => ({
          key: partition.passwordSource?.domain.toUpperCase() ?? '',
          path: [...path, 'passwordSource', 'domain'],
        })),
      (domain) => `Another partition is the password source of domain ${domain}`,
      'Enable one partition a domain as its password synchronization source.',
    ),
    ...agents.flatMap(({ agent, index }) => checkAgent(agent, ['agents', index])),
    ...agents.flatMap(({ agent, index }) =>
      agent.kind === 'entsso' ? findMappingBreaches(agent, configuration.agents, ['agents', index]) : [],
    ),
    ...partitions.flatMap((placed) => checkPartition(placed, configuration)),
    ...checkMetaverse(configuration),
    ...checkWhole(configuration, partitions),
  ];
}

function findDoubles(
  entries: readonly { readonly key: string; readonly path: readonly (string | number)[] }[],
  message: (key: string) => string,
  fix: string,
): RuleBreach[] {
  const seen = new Set<string>();
  return entries.flatMap(({ key, path }) => {
    if (seen.has(key)) return [{ severity: 'error', path, message: message(key), fix }];
    seen.add(key);
    return [];
  });
}

function checkAgent(agent: Agent, path: readonly (string | number)[]): RuleBreach[] {
  const { password } = agent;
  const breaches = findConnectionBreaches(agent, path);
  const ties = agent.join.length > 0 || agent.project || agent.provision !== undefined;
  if (!ties && agent.kind !== 'entsso')
    breaches.push({
      severity: 'warning',
      path,
      message: `"${agent.name}" neither joins, projects nor provisions, so none of its objects belongs to a person`,
      fix: 'Add a rule to "join" or "provision", or set "project" to true.',
    });
  if (password.enabled && password.operations === 'change')
    breaches.push({
      severity: 'warning',
      path: [...path, 'password', 'operations'],
      message: 'Synchronization always sets; a target with change only refuses every password (event 6928)',
      fix: 'Use "set" or "set-and-change".',
    });
  breaches.push(
    ...findDoubles(
      agent.partitions.map(({ dn }, place) => ({
        key: foldDn(dn) ?? dn,
        path: [...path, 'partitions', place, 'dn'],
      })),
      (dn) => `Another partition of this agent is "${dn}"`,
      'Remove one of the two.',
    ),
    ...findDoubles(
      agent.runProfiles.map(({ name }, place) => ({
        key: name.toLowerCase(),
        path: [...path, 'runProfiles', place, 'name'],
      })),
      (name) => `Another run profile of this agent is named "${name}"`,
      'Give each run profile a name of its own.',
    ),
  );
  for (const [place, profile] of agent.runProfiles.entries())
    for (const [number, step] of profile.steps.entries())
      if (
        step.partition !== undefined &&
        !agent.partitions.some(({ dn }) => sameName(dn, step.partition ?? ''))
      )
        breaches.push({
          severity: 'error',
          path: [...path, 'runProfiles', place, 'steps', number, 'partition'],
          message: `"${agent.name}" has no partition "${step.partition}"`,
          fix: `Use one of ${agent.partitions.map(({ dn }) => `"${dn}"`).join(', ')}, or remove "partition".`,
        });
  return breaches;
}

function checkPartition(
  { agent, partition, path }: PlacedPartition,
  { agents, ids }: RuledConfiguration,
): RuleBreach[] {
  const breaches: RuleBreach[] = [];
  for (const key of ['include', 'exclude'] as const)
    for (const [place, container] of partition[key].entries())
      if (!isBelow(container, partition.dn))
        breaches.push({
          severity: 'error',
          path: [...path, key, place],
          message: `"${container}" does not lie in the partition "${partition.dn}"`,
          fix: `Name a container that ends with "${partition.dn}".`,
        });
  const source = partition.passwordSource;
  if (source === undefined) return breaches;
  if (source.enabled && source.targets.length === 0)
    breaches.push({
      severity: 'warning',
      path: [...path, 'passwordSource', 'targets'],
      message: `Domain ${source.domain} is a password source without a target`,
      fix: 'Add the id of each management agent that shall receive its passwords.',
    });
  for (const [place, id] of source.targets.entries()) {
    const at = [...path, 'passwordSource', 'targets', place];
    const target = agents.find((candidate) => candidate?.id === id);
    if (!ids.has(id))
      breaches.push({
        severity: 'error',
        path: at,
        message: `No agent has the id ${id}`,
        fix: 'Use the id of an agent of this configuration, or remove the line.',
      });
    else if (id === agent.id)
      breaches.push({
        severity: 'error',
        path: at,
        message: 'An agent is not its own target',
        fix: 'Remove the line.',
      });
    else if (target !== undefined && !target.password.enabled)
      breaches.push({
        severity: 'warning',
        path: at,
        message: `Password management is off at the target "${target.name}": it refuses every password (event 6921)`,
        fix: `Set "enabled" to true in "password" of "${target.name}".`,
      });
    if (source.targets.indexOf(id) !== place)
      breaches.push({
        severity: 'error',
        path: at,
        message: `The target ${id} stands in the list twice`,
        fix: 'Remove one of the two.',
      });
  }
  return breaches;
}

function checkMetaverse({ metaverse, ids }: RuledConfiguration): readonly RuleBreach[] {
  const { precedence = [], deletionRule } = metaverse ?? {};
  const named = [
    ...precedence.flatMap(({ agents }, rule) =>
      agents.map((id, place) => ({ id, path: ['metaverse', 'precedence', rule, 'agents', place] })),
    ),
    ...(deletionRule?.kind === 'any-of' ? deletionRule.agents : []).map((id, place) => ({
      id,
      path: ['metaverse', 'deletionRule', 'agents', place],
    })),
  ];
  return named
    .filter(({ id }) => !ids.has(id))
    .map(({ id, path }) => ({
      severity: 'error' as const,
      path,
      message: `No management agent has the id ${id}`,
      fix: 'Name an agent of this configuration, or take the id out.',
    }));
}

function checkWhole(configuration: RuledConfiguration, partitions: readonly PlacedPartition[]): RuleBreach[] {
  if (!configuration.syncEnabled) return [];
  const breaches: RuleBreach[] = [];
  if (!partitions.some(({ partition }) => partition.passwordSource?.enabled))
    breaches.push({
      severity: 'warning',
      path: ['passwordSync', 'enabled'],
      message: 'Password synchronization is on and no partition is a password source',
      fix: 'Set "enabled" to true in "passwordSource" of a partition.',
    });
  if (!configuration.hasChannel)
    breaches.push({
      severity: 'warning',
      path: ['passwordSync', 'enabled'],
      message: 'Password synchronization is on and no domain controller can reach this server',
      fix: 'Add "channel" with "spn" and "keytab".',
    });
  return breaches;
}

/** However the two are spelled: in another case, with spaces behind the commas. */
function sameName(left: string, right: string): boolean {
  return left === right || (foldDn(left) !== undefined && foldDn(left) === foldDn(right));
}

function isBelow(container: string, root: string): boolean {
  const [inner, outer] = [foldDn(container), foldDn(root)];
  return inner !== undefined && outer !== undefined && isWithin(inner, outer);
}
