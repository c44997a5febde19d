import type { Agent } from '#shared/model/agent.ts';
import { attributesRead } from '#shared/model/identity-rules.ts';

/** Attributes that an agent's rules use, by their folded names; values are kept under the first spelling. */
export function importedNames(agent: Agent, further: readonly string[] = []): ReadonlyMap<string, string> {
  const names = [...attributesRead(agent), ...further, 'displayName'];
  const wanted = new Map<string, string>();
  for (const name of names) if (!wanted.has(name.toLowerCase())) wanted.set(name.toLowerCase(), name);
  return wanted;
}
