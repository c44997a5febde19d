import type { XmlDefinition } from '#exchange/entsso/read-sso-xml.ts';

/** Definitions as they are made, disabled, and the names of those that a file wants enabled in the step after. */
export function madeDisabled(definitions: readonly XmlDefinition[]): {
  readonly disabled: readonly XmlDefinition[];
  readonly enabled: string[];
} {
  return {
    disabled: definitions.map((each) => ({ ...each, values: { ...each.values, enabled: false } })),
    enabled: definitions.filter(({ values }) => values['enabled'] === true).map(({ name }) => name),
  };
}
