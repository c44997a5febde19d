import { EntryCursor } from '#directory/entry-cursor.ts';
import { readUtf8 } from '#directory/read-utf8.ts';
import { type EncodedEntry, type SearchEntry, textsOf } from '#directory/search-entry.ts';
import type { ImportItem } from '#identity/import-source.ts';
import type { DirectoryAgent } from '#shared/model/agent.ts';
import { attributesRead } from '#shared/model/identity-rules.ts';

import { formAnchor, readAnchor } from './directory-anchor.ts';
import type { DirectoryTraits } from './directory-traits.ts';
import { objectTypeOf } from './object-type-of.ts';
import { readEncodedText, readText } from './read-text.ts';

/** Classes whose entries hold others; a new name of theirs is a new name of everything below. */
const containerClasses = ['organizationalunit', 'container', 'organization', 'locality', 'builtindomain'];
export const containerFilter = `(|${containerClasses.map((name) => `(objectClass=${name})`).join('')})`;

/** Combinations of object classes that are remembered; a directory has few. */
const mostClasses = 256;

/** Turns entries into what staging takes. */
export interface EntryReader {
  /** Attributes to ask for. */
  readonly attributes: readonly string[];
  /** Folded class names decide: an entry of a container class is none of the agent's objects. */
  isContainer(entry: SearchEntry): boolean;
  read(entry: SearchEntry): ImportItem;
  /** The same of an entry as it was sent. Throws `LinkError` `protocol` for one that does not hold together. */
  readEncoded(entry: EncodedEntry): ImportItem;
}

export function createEntryReader(agent: DirectoryAgent, traits: DirectoryTraits): EntryReader {
  // Values are kept under the first spelling that the rules use, whatever the server's own is.
  const wanted = new Map<string, string>();
  const names = [...attributesRead(agent), traits.accountAttribute, 'displayName'];
  for (const name of names) if (!wanted.has(name.toLowerCase())) wanted.set(name.toLowerCase(), name);
  // One order for all objects, the one in which they are stored.
  const spellings = [...wanted.values()].sort();
  const places = new Map([...wanted].map(([folded, name]) => [folded, spellings.indexOf(name)]));
  const anchorName = traits.anchor.attribute.toLowerCase();
  const cursor = new EntryCursor();
  const objectTypes = new Map<string, string>();

  const make = (dn: string, anchor: string | undefined, objectType: string, values: Values): ImportItem => {
    if (anchor === undefined)
      return {
        kind: 'unreadable',
        word: 'missing-anchor-component',
        dn,
        detail: `${dn} shows no ${traits.anchor.attribute}`,
      };
    const attributes: Record<string, readonly string[]> = {};
    for (const [place, name] of spellings.entries()) {
      const found = values[place];
      if (found !== undefined && found.length > 0) attributes[name] = found;
    }
    return { kind: 'object', object: { anchor, dn, objectType, attributes } };
  };

  const readClasses = (): string => {
    const sent = cursor.values;
    const known = objectTypes.get(sent);
    if (known !== undefined) return known;
    const classes: string[] = [];
    while (cursor.nextValue()) classes.push(readUtf8(cursor.value));
    const objectType = objectTypeOf(classes);
    if (objectTypes.size < mostClasses) objectTypes.set(sent, objectType);
    return objectType;
  };

  return {
    attributes: [...new Set([...wanted.values(), traits.anchor.attribute, 'objectClass'])],
    isContainer: (entry) =>
      textsOf(entry, 'objectClass').some((name) => containerClasses.includes(name.toLowerCase())),
    read: (entry) => {
      const values: Values = [];
      for (const [folded, place] of places)
        values[place] = (entry.attributes.get(folded) ?? []).map(readText).filter((value) => value !== '');
      const objectType = objectTypeOf(textsOf(entry, 'objectClass'));
      return make(entry.dn, readAnchor(entry, traits.anchor), objectType, values);
    },
    readEncoded: ({ body }) => {
      cursor.open(body);
      const { dn } = cursor;
      const values: Values = [];
      let sentAnchor: string | undefined;
      let objectType = 'top';
      while (cursor.nextAttribute()) {
        const { name } = cursor;
        if (name === 'objectclass') objectType = readClasses();
        const place = places.get(name);
        if (place === undefined && name !== anchorName) continue;
        const found: string[] = [];
        cursor.firstValue();
        while (cursor.nextValue()) {
          if (name === anchorName) sentAnchor ??= cursor.value;
          const text = place === undefined ? '' : readEncodedText(cursor.value);
          if (text !== '') found.push(text);
        }
        if (place !== undefined) values[place] = found;
      }
      return make(dn, formAnchor(sentAnchor, dn, traits.anchor), objectType, values);
    },
  };
}

/** Values by the place of their attribute. */
type Values = (readonly string[] | undefined)[];
