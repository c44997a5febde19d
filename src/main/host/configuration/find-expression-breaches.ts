import { CelExpressions } from '#expressions/cel-expressions.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { Configuration } from '#shared/model/configuration.ts';
import type { RuleBreach } from '#shared/model/find-rule-breaches.ts';

const expressions = new CelExpressions();

/** Finds the rules whose expression is none, so that they are refused before they decide over anybody. */
export function findExpressionBreaches({ agents }: Configuration): readonly RuleBreach[] {
  return agents.flatMap(({ flow, exportFlow, provision }, index) => {
    const at = ['agents', index] as const;
    return [
      ...flow.flatMap(({ expression }, place) => check(expression, [...at, 'flow', place, 'expression'])),
      ...exportFlow.flatMap(({ expression }, place) =>
        check(expression, [...at, 'exportFlow', place, 'expression']),
      ),
      ...check(provision?.when, [...at, 'provision', 'when']),
      ...check(provision?.dn, [...at, 'provision', 'dn']),
    ];
  });
}

function check(text: string | undefined, path: RuleBreach['path']): readonly RuleBreach[] {
  if (text === undefined) return [];
  try {
    expressions.compile(text);
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ severity: 'error', path, message: error.message, fix: error.fix ?? 'Correct the expression.' }];
  }
}
