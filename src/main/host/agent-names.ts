import { CelExpressions } from '#expressions/cel-expressions.ts';
import type { Rules } from '#identity/rules.ts';
import type { Agent } from '#shared/model/agent.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { AgentId } from '#shared/model/change.ts';

import type { ConfigurationFile } from './configuration/configuration-file.ts';
import { nearestWord } from './configuration/nearest-word.ts';

/** Finds agents as people and programs name them, in the configuration in force. */
export class AgentNames {
  readonly #file: ConfigurationFile;
  readonly #expressions = new CelExpressions();

  constructor(file: ConfigurationFile) {
    this.#file = file;
  }

  get all(): readonly Agent[] {
    return this.#file.configuration.agents;
  }

  /** What decides over persons. */
  get rules(): Rules {
    const { agents, metaverse } = this.#file.configuration;
    return { agents, metaverse, expressions: this.#expressions };
  }

  /** By id or name. Throws `AppError` `not_found` with the nearest name. */
  resolve(reference: string): Agent {
    const wanted = reference.toLowerCase();
    const found = this.all.find(
      ({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted,
    );
    if (found !== undefined) return found;
    const names = this.all.map(({ name }) => name);
    const near = nearestWord(reference, names);
    throw new AppError('not_found', `No management agent "${reference}"`, {
      fix: near === undefined ? `There are: ${names.join(', ') || 'none'}.` : `Did you mean "${near}"?`,
    });
  }

  /** Place of an agent in the configuration's list. */
  indexOf(agent: Agent): number {
    return this.all.findIndex(({ id }) => id === agent.id);
  }

  /** The name, or the id itself for an agent that was removed. */
  nameOf(id: AgentId): string {
    return this.all.find((agent) => agent.id === id)?.name ?? id;
  }
}
