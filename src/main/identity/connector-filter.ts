import type { FilterCondition, FilterOperator, FilterRule } from '#shared/model/identity-rules.ts';
import { foldText } from '#shared/text/folded-text.ts';

import { valuesOf } from './connector-space.ts';
import type { Attributes } from './import-source.ts';

type Test = (value: string, wanted: string) => boolean;

const tests: Readonly<Partial<Record<FilterOperator, Test>>> = {
  equals: (value, wanted) => value === wanted,
  'starts-with': (value, wanted) => value.startsWith(wanted),
  'ends-with': (value, wanted) => value.endsWith(wanted),
  contains: (value, wanted) => value.includes(wanted),
};
/** Each refuses what its counterpart asks for: no value of the attribute may meet it. */
const opposites: Readonly<Partial<Record<FilterOperator, FilterOperator>>> = {
  'does-not-equal': 'equals',
  'does-not-start-with': 'starts-with',
  'does-not-end-with': 'ends-with',
  'does-not-contain': 'contains',
};

/** Whether the connector filter keeps an object out: one of its rules has every condition met. */
export function isFiltered(rules: readonly FilterRule[], attributes: Attributes): boolean {
  return rules.some(({ conditions }) => conditions.every((condition) => meets(condition, attributes)));
}

function meets({ attribute, operator, value = '' }: FilterCondition, attributes: Attributes): boolean {
  const values = valuesOf(attributes, attribute);
  if (operator === 'is-present') return values.length > 0;
  if (operator === 'is-not-present') return values.length === 0;
  const opposite = opposites[operator];
  const test = tests[opposite ?? operator];
  const wanted = foldText(value);
  const met = values.some((one) => test?.(foldText(one), wanted) ?? false);
  return opposite === undefined ? met : !met;
}
