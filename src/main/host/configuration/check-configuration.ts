import type { z } from 'zod';

import type { Mistake } from '#shared/contract/configuration.ts';
import { agentSchema } from '#shared/model/agent.ts';
import { type Configuration, configurationSchema } from '#shared/model/configuration.ts';
import { findRuleBreaches, type RuleBreach } from '#shared/model/find-rule-breaches.ts';
import { metaverseRulesSchema } from '#shared/model/identity-rules.ts';

import { member } from './allowed-values.ts';
import { explainIssue, formatPath, shorten, valueAt } from './explain-issue.ts';
import { findExpressionBreaches } from './find-expression-breaches.ts';
import { findFileBreaches } from './find-file-breaches.ts';
import { type JsonText, readJsonText } from './json-text.ts';

export interface CheckedConfiguration {
  /** Present where no mistake is an error. */
  readonly configuration: Configuration | undefined;
  readonly mistakes: readonly Mistake[];
}

/** Finds every mistake of a configuration text at once: syntax, form, rules between values, and the files it names. */
export function checkConfiguration(text: string): CheckedConfiguration {
  const json = readJsonText(text);
  if (json.mistakes.length > 0) return { configuration: undefined, mistakes: json.mistakes };
  const parsed = configurationSchema.safeParse(json.value);
  // Rules run beside the schema, so that a wrong number does not hide an unknown target.
  const issues = parsed.success ? [] : parsed.error.issues.filter((issue) => !isRuleIssue(issue));
  const mistakes = [
    ...issues.flatMap((issue) => explainIssue(issue, json)),
    ...findRuleBreaches(ruledPart(json.value)).map((breach) => placeBreach(breach, json)),
    ...(parsed.success ? findHostBreaches(parsed.data).map((breach) => placeBreach(breach, json)) : []),
  ].sort((left, right) => (left.line ?? 0) - (right.line ?? 0));
  const failed = mistakes.some(({ severity }) => severity === 'error');
  return { configuration: parsed.success && !failed ? parsed.data : undefined, mistakes };
}

/** What the text alone does not tell: files that are not there, expressions that are none. */
function findHostBreaches(configuration: Configuration): readonly RuleBreach[] {
  return [...findFileBreaches(configuration), ...findExpressionBreaches(configuration)];
}

/** The schema applies the rules between values too, and they come with their fix. */
function isRuleIssue(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'custom' && issue.params?.['fix'] !== undefined;
}

function ruledPart(value: unknown): Parameters<typeof findRuleBreaches>[0] {
  const list = member(value, 'agents');
  const agents: readonly unknown[] = Array.isArray(list) ? list : [];
  return {
    agents: agents.map((agent) => agentSchema.safeParse(agent).data),
    ids: new Set(agents.map((agent) => String(member(agent, 'id')))),
    syncEnabled: member(member(value, 'passwordSync'), 'enabled') === true,
    hasChannel: member(value, 'channel') !== undefined,
    metaverse: metaverseRulesSchema.safeParse(member(value, 'metaverse') ?? {}).data,
  };
}

function placeBreach({ severity, path, message, fix }: RuleBreach, text: JsonText): Mistake {
  const value = valueAt(text.value, path);
  const found = value === undefined || typeof value === 'object' ? {} : { found: shorten(value) };
  return { severity, path: formatPath(path), ...text.locate(path), message, ...found, fix };
}
