import type { Verb } from './verb.ts';

/** Properties of an object: what its double click opens. */
export function propertiesVerb(verb: Pick<Verb, 'id' | 'run'> & { readonly accessKey?: string }): Verb {
  return {
    label: 'Properties',
    slot: 'properties',
    accessKey: 'p',
    shortcut: 'Alt+Enter',
    isDefault: true,
    ...verb,
  };
}
