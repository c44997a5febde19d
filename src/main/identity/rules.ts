import type { Agent } from '#shared/model/agent.ts';
import type { MetaverseRules } from '#shared/model/identity-rules.ts';

import type { Expressions } from './expressions.ts';

/** What the configuration in force says about identities. */
export interface Rules {
  /** In their order of precedence. */
  readonly agents: readonly Agent[];
  readonly metaverse: MetaverseRules;
  readonly expressions: Expressions;
}
