import { type SearchEntry, textsOf } from '#directory/search-entry.ts';
import type { ImportItem } from '#identity/import-source.ts';
import type { DirectoryAgent } from '#shared/model/agent.ts';
import { attributesRead } from '#shared/model/identity-rules.ts';

import { readAnchor } from './import-anchor.ts';
import type { DirectoryTraits } from './import-traits.ts';

/** Classes whose entries hold others; a new name of theirs is a new name of everything below. */
const containerClasses = ['organizationalunit', 'container', 'organization', 'locality', 'builtindomain'];
export const containerFilter = `(|${containerClasses.map((name) => `(objectClass=${name})`).join('')})`;

/** From the most to the least specific; the last class that a server lists wins where none of these is there. */
const knownClasses = ['user', 'inetorgperson', 'organizationalperson', 'person', 'account', 'posixaccount'];

const strict = new TextDecoder('utf-8', { fatal: true });

/** Turns entries into what staging takes. */
export interface EntryReader {
  /** Attributes to ask for. */
  readonly attributes: readonly string[];
  /** Folded class names decide: an entry of a container class is none of the agent's objects. */
  isContainer(entry: SearchEntry): boolean;
  read(entry: SearchEntry): ImportItem;
}

export function createEntryReader(agent: DirectoryAgent, traits: DirectoryTraits): EntryReader {
  // Values are kept under the first spelling that the rules use, whatever the server's own is.
  const wanted = new Map<string, string>();
  const names = [...attributesRead(agent), traits.accountAttribute, 'displayName'];
  for (const name of names) if (!wanted.has(name.toLowerCase())) wanted.set(name.toLowerCase(), name);
  return {
    attributes: [...new Set([...wanted.values(), traits.anchor.attribute, 'objectClass'])],
    isContainer: (entry) =>
      textsOf(entry, 'objectClass').some((name) => containerClasses.includes(name.toLowerCase())),
    read: (entry) => {
      const anchor = readAnchor(entry, traits.anchor);
      if (anchor === undefined)
        return {
          kind: 'unreadable',
          word: 'missing-anchor-component',
          dn: entry.dn,
          detail: `${entry.dn} shows no ${traits.anchor.attribute}`,
        };
      const attributes: Record<string, readonly string[]> = {};
      for (const [folded, name] of wanted) {
        const values = readValues(entry, folded);
        if (values.length > 0) attributes[name] = values;
      }
      return {
        kind: 'object',
        object: {
          anchor,
          dn: entry.dn,
          objectType: objectTypeOf(entry),
          attributes,
        },
      };
    },
  };
}

function objectTypeOf(entry: SearchEntry): string {
  const classes = textsOf(entry, 'objectClass');
  const folded = classes.map((name) => name.toLowerCase());
  const known = knownClasses.find((name) => folded.includes(name));
  return classes[known === undefined ? classes.length - 1 : folded.indexOf(known)] ?? 'top';
}

function readValues(entry: SearchEntry, name: string): readonly string[] {
  const values = entry.attributes.get(name) ?? [];
  const [only] = values;
  if (values.length === 1 && only !== undefined) {
    const text = toText(only);
    return text === '' ? [] : [text];
  }
  return values.map(toText).filter((value) => value !== '');
}

/** UTF-8 without control characters as it is, anything else base64. */
function toText(bytes: Uint8Array): string {
  try {
    const text = strict.decode(bytes);
    if (!hasControlCharacter(text)) return text;
  } catch {
    // Not UTF-8.
  }
  return Buffer.from(bytes).toString('base64');
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return true;
  }
  return false;
}
