import type { MappedServer } from '#exchange/mim/map-mim-server.ts';
import type { MetaverseRules } from '#shared/model/identity-rules.ts';

/** Precedence comes with the agents that it ranks; the deletion rule is an option of the server. */
export function mergeMetaverse(
  current: MetaverseRules,
  { precedence, deletionRule }: MappedServer,
  { known, options }: { readonly known: ReadonlySet<string>; readonly options: boolean },
): MetaverseRules {
  const ranked = new Map(current.precedence.map((rule) => [rule.attribute, rule]));
  for (const { attribute, agents } of precedence) {
    const here = agents.filter((id) => known.has(id));
    if (here.length < 2) continue;
    const others = ranked.get(attribute)?.agents.filter((id) => !here.includes(id)) ?? [];
    ranked.set(attribute, { attribute, agents: [...here, ...others] });
  }
  return {
    precedence: [...ranked.values()],
    deletionRule: options
      ? (withoutUnknown(deletionRule, known) ?? current.deletionRule)
      : current.deletionRule,
  };
}

function withoutUnknown(
  rule: MappedServer['deletionRule'],
  known: ReadonlySet<string>,
): MappedServer['deletionRule'] {
  if (rule?.kind !== 'any-of') return rule;
  const agents = rule.agents.filter((id) => known.has(id));
  return agents.length === 0 ? undefined : { ...rule, agents };
}
