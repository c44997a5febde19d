import { LinkPool, type PooledLink } from '#directory/link-pool.ts';
import type { Agent } from '#shared/model/agent.ts';
import type { AgentId } from '#shared/model/change.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

/** Gives the agent's own password where the vault has one; the taker wipes it. */
export type OptionalCredentials = (agent: AgentId) => Promise<SecretBytes | undefined>;

export interface PasswordLinksOptions<L extends PooledLink> {
  readonly agent: Agent;
  readonly credentials: OptionalCredentials;
  /** Opens a link; the agent's own password is wiped behind it. */
  open(password: SecretBytes | undefined, signal: AbortSignal): Promise<L>;
  /** A failure in the link's own terms. */
  refuse(reason: 'aborted' | 'closed', message: string): Error;
  /** What a failure means for a password; others pass unchanged. */
  explain(error: unknown, agent: string): unknown;
}

/** The links over which one agent's passwords travel, used again and again; failures say what they mean for a password. */
export class PasswordLinks<L extends PooledLink> {
  readonly #options: PasswordLinksOptions<L>;
  readonly #pool: LinkPool<L>;

  constructor(options: PasswordLinksOptions<L>) {
    const { agent, credentials } = options;
    this.#options = options;
    this.#pool = new LinkPool({
      size: agent.password.concurrency,
      open: async (signal) => {
        using password = await credentials(agent.id);
        return await options.open(password, signal);
      },
      refuse: (reason) => {
        const message = reason === 'closed' ? 'The agent was stopped' : 'Waiting for its turn was given up';
        return options.refuse(reason, message);
      },
    });
  }

  async use<T>(signal: AbortSignal, work: (link: L) => Promise<T>): Promise<T> {
    try {
      return await this.#pool.use(signal, work);
    } catch (error) {
      throw this.#options.explain(error, this.#options.agent.name);
    }
  }

  /** Closes every link; idempotent. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}
