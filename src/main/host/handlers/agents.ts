import { ImportFailure } from '#identity/import-failure.ts';
import type { ImportSource } from '#identity/import-source.ts';
import type { SchemaSource } from '#identity/schema-source.ts';
import type { AgentRow, agentsContract, Run } from '#shared/contract/agents.ts';
import type { Agent } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { Handlers } from '#shared/rpc/contract.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';
import type { ConnectorStore } from '#store/connector-store.ts';
import type { QueueView } from '#store/queue-view.ts';
import type { RunStore } from '#store/run-store.ts';

import type { AgentNames } from '../agent-names.ts';
import { runOf } from './run-of.ts';

/** What only a running service can do with agents. */
export interface AgentControl {
  /** With `secret` it signs in with that; the caller wipes it. */
  sourceOf(agent: Agent, secret?: SecretBytes): ImportSource;
  /** Likewise. */
  schemaOf(agent: Agent, secret: SecretBytes | undefined): SchemaSource;
  run(
    agent: Agent,
    profile: string,
    options: { readonly wait: boolean; readonly resume?: boolean },
  ): Promise<Run>;
  stop(agent: AgentId): boolean;
  /** Takes everything out of its connector space. */
  clear(agent: Agent): Promise<Run>;
  /** Takes it out of the configuration with its connector space, for `by`. */
  remove(agent: Agent, by: string): Promise<{ readonly run: Run; readonly revision: string }>;
  breakerOf(agent: AgentId): AgentRow['breaker'];
}

export interface AgentHandlerParts {
  readonly names: AgentNames;
  readonly queue: QueueView;
  readonly space: ConnectorStore;
  readonly runs: RunStore;
  /** Undefined where no service runs. */
  readonly control: AgentControl | undefined;
  /** The same, or throws `AppError` `unavailable`. */
  readonly requireControl: () => AgentControl;
}

export function createAgentHandlers(parts: AgentHandlerParts): Handlers<typeof agentsContract> {
  const { names, runs, requireControl } = parts;
  const schemaOf = ({ agent, draft, secret }: Asked): SchemaSource =>
    requireControl().schemaOf(draft ?? names.resolve(agent ?? ''), draft && secret);
  return {
    'agents.list': () => rowsOf(names.all, parts),
    'agents.get': ({ agent }) => {
      const found = names.resolve(agent);
      const [row] = rowsOf([found], parts);
      if (row === undefined) throw new Error('An agent without a row');
      return { row, agent: found };
    },
    'agents.test': async ({ agent }, { signal }) => {
      const steps = await requireControl().sourceOf(names.resolve(agent)).testConnection(signal);
      return { ok: steps.length > 0 && steps.every(({ ok }) => ok), steps: [...steps] };
    },
    'agents.schema': async ({ objectTypes, ...asked }, { signal }) => {
      const { attributes, ...found } = await told(schemaOf(asked).readSchema(objectTypes, signal));
      return {
        ...found,
        objectTypes: [...found.objectTypes],
        tables: [...found.tables],
        attributes: attributes.map((attribute) => ({ ...attribute })),
      };
    },
    'agents.partitions': async (asked, { signal }) => [
      ...(await told(schemaOf(asked).readPartitions(signal))),
    ],
    'agents.containers': async ({ dn, ...asked }, { signal }) => [
      ...(await told(schemaOf(asked).readContainers(dn, signal))),
    ],
    'agents.run': ({ agent, profile, ...options }) =>
      requireControl().run(names.resolve(agent), profile, options),
    'agents.stop': ({ agent }) => ({ stopped: requireControl().stop(names.resolve(agent).id) }),
    'agents.deleteSpace': ({ agent }) => requireControl().clear(names.resolve(agent)),
    'agents.delete': ({ agent }, { caller }) => requireControl().remove(names.resolve(agent), caller),
    'agents.runs': ({ agent, limit }) => {
      const id = agent === undefined ? undefined : names.resolve(agent).id;
      return runs.list(limit, id).map((record) => runOf(record, names, runs));
    },
  };
}

interface Asked {
  readonly agent?: string | undefined;
  readonly draft?: Agent | undefined;
  readonly secret?: SecretBytes | undefined;
}

/** Puts what keeps a system from telling into the words of a caller. */
async function told<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ImportFailure)) throw error;
    const { fix } = error;
    throw new AppError('unavailable', error.message, { ...(fix !== undefined && { fix }), cause: error });
  }
}

function rowsOf(agents: readonly Agent[], { queue, space, runs, control }: AgentHandlerParts): AgentRow[] {
  const depths = new Map(queue.depths().map((depth) => [depth.target, depth]));
  return agents.map(({ id, name, kind, description, partitions, password }) => {
    const depth = depths.get(id);
    const counts = space.counts(id);
    const [last] = runs.list(1, id);
    return {
      id,
      name,
      kind,
      description,
      sourceDomains: partitions.flatMap(({ passwordSource: source }) =>
        source?.enabled ? [source.domain] : [],
      ),
      passwordManagement: password.enabled,
      hold: password.hold,
      shadow: password.shadow,
      waiting: depth?.waiting ?? 0,
      parked: depth?.parked ?? 0,
      oldestReceivedAt: depth?.oldestReceivedAt,
      breaker: control?.breakerOf(id) ?? 'closed',
      connectors: Object.values(counts).reduce((sum, count) => sum + count, 0),
      joined: counts.connector,
      ...(last === undefined
        ? {}
        : {
            lastRun: {
              profile: last.profile,
              startedAt: last.startedAt,
              ...(last.endedAt === undefined ? {} : { result: last.result }),
            },
          }),
    };
  });
}
