import type { ConnectSso } from '#agents/entsso/sso-server-link.ts';
import { withMappedAttributes } from '#agents/entsso/with-mapped-attributes.ts';
import { exportTargetOf } from '#agents/export-target-of.ts';
import { importSourceOf } from '#agents/import-source-of.ts';
import { createPasswordTarget } from '#agents/password-target-of.ts';
import { schemaSourceOf } from '#agents/schema-source-of.ts';
import type { ExportTarget } from '#identity/export-target.ts';
import type { ImportSource } from '#identity/import-source.ts';
import type { SchemaSource } from '#identity/schema-source.ts';
import type { Agent } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

import type { AgentNames } from './agent-names.ts';

type OpenTarget = ReturnType<typeof createPasswordTarget>;

interface OpenLink {
  readonly agent: Agent;
  readonly settings: string;
  readonly target: OpenTarget;
}

export interface AgentLinksParts {
  readonly names: AgentNames;
  /** The vault's credential of an agent, a new copy each time. */
  readonly credential: (agent: string) => SecretBytes | undefined;
  readonly now: () => number;
  /** The way to single sign-on servers; without it nothing is handed to one. */
  readonly connectSso?: ConnectSso;
}

/** The connected systems: one open target for each agent, made anew when its configuration changes. */
export class AgentLinks {
  readonly #parts: AgentLinksParts;
  readonly #targets = new Map<string, OpenLink>();

  constructor(parts: AgentLinksParts) {
    this.#parts = parts;
  }

  /** `given` is signed in with instead of what the vault holds; its owner wipes it. */
  sourceOf(agent: Agent, given?: SecretBytes): ImportSource {
    const { names, connectSso, now } = this.#parts;
    const own = given && (async (): Promise<SecretBytes> => SecretBytes.copy(given.bytes));
    return importSourceOf(withMappedAttributes(agent, names.all), {
      connectSso,
      credentials: own ?? this.credential,
      tryCredentials: own ?? this.#tryCredential,
      now,
    });
  }

  /** Likewise. */
  schemaSourceOf(agent: Agent, given: SecretBytes | undefined): SchemaSource {
    if (given === undefined)
      return schemaSourceOf(agent, { credentials: this.credential, tryCredentials: this.#tryCredential });
    return schemaSourceOf(agent, { credentials: async () => SecretBytes.copy(given.bytes) });
  }

  exportTargetOf(agent: Agent): ExportTarget {
    const { connectSso } = this.#parts;
    return exportTargetOf(agent, {
      credentials: this.credential,
      tryCredentials: this.#tryCredential,
      connectSso,
    });
  }

  /** Undefined for an agent that is not configured. */
  targetOf(id: string): OpenTarget | undefined {
    const agent = this.#parts.names.all.find((candidate) => candidate.id === id);
    if (agent === undefined) return undefined;
    const known = this.#targets.get(id);
    // Asked at each delivery; a configuration in force is never altered, but replaced.
    if (known?.agent === agent) return known.target;
    const settings = settingsOf(agent);
    const isSame = known?.settings === settings;
    if (known !== undefined && !isSame) void known.target.close();
    const { connectSso } = this.#parts;
    const target = isSame
      ? known.target
      : createPasswordTarget(agent, this.credential, this.#tryCredential, connectSso);
    this.#targets.set(id, { agent, settings, target });
    return target;
  }

  /** Signs in anew at the next use: the agent's password was changed. */
  forget(id: string): void {
    const known = this.#targets.get(id);
    this.#targets.delete(id);
    if (known !== undefined) void known.target.close();
  }

  async close(): Promise<void> {
    const targets = [...this.#targets.values()];
    this.#targets.clear();
    await Promise.all(targets.map(({ target }) => target.close()));
  }

  readonly #tryCredential = async (agent: string): Promise<SecretBytes | undefined> =>
    this.#parts.credential(agent);

  readonly credential = async (agent: string): Promise<SecretBytes> => {
    const secret = this.#parts.credential(agent);
    if (secret !== undefined) return secret;
    const name = this.#parts.names.all.find(({ id }) => id === agent)?.name ?? agent;
    throw new AppError('not_found', `The agent "${name}" has no password to sign in with`, {
      fix: `Set it: carillon agents set-password '${name}'`,
    });
  };
}

/** What an open target depends on; another retry interval is no reason to close it. */
function settingsOf({ kind, name, connection, password, ...agent }: Agent): string {
  const { concurrency, operationTimeout, requireSecureConnection } = password;
  return JSON.stringify([
    kind,
    'profile' in agent && agent.profile,
    'passwordMethod' in agent && agent.passwordMethod,
    'passwordExtension' in agent && agent.passwordExtension,
    'anchor' in agent && agent.anchor,
    name,
    connection,
    concurrency,
    operationTimeout,
    requireSecureConnection,
  ]);
}
