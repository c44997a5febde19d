import type { Agent } from '#shared/model/agent.ts';
import { PasswordFailure } from '#shared/model/password-failure.ts';

/** An agent without any way to set a password: every attempt ends in event 6922. */
export class UnconfiguredTarget {
  readonly secure = true;
  readonly #agent: Agent;

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  setPassword(): Promise<void> {
    return Promise.reject(this.#failure());
  }

  changePassword(): Promise<void> {
    return Promise.reject(this.#failure());
  }

  verifyPassword(): Promise<{ readonly verdict: 'not-possible'; readonly reason: string }> {
    return Promise.resolve({ verdict: 'not-possible', reason: 'The agent has no way to passwords' });
  }

  probe(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #failure(): PasswordFailure {
    const key = 'table' in this.#agent ? 'passwordMethod' : 'passwordExtension';
    return new PasswordFailure('ma-not-configured', `${this.#agent.name} has no way to passwords`, {
      fix: `Add "${key}" to the agent.`,
    });
  }
}
