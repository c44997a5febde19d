import { AppError } from '#shared/model/app-error.ts';
import {
  adapterFlags,
  adapterWords,
  applicationFlags,
  applicationWords,
  type SsoWords,
  systemWords,
} from '#shared/text/sso-xml-words.ts';

import { readXmlTree, type XmlElement } from './read-xml-tree.ts';
/** A named definition with the values that the file gives, in the words of our models. */
export interface XmlDefinition {
  readonly name: string;
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface XmlMapping {
  readonly application: string;
  readonly windowsAccount: string;
  readonly externalUser: string;
}

export interface SsoXml {
  /** Settings of the system. */
  readonly system: Readonly<Record<string, unknown>>;
  readonly definitions: readonly XmlDefinition[];
  readonly mappings: readonly XmlMapping[];
}

type Reader = (text: string, refuse: Refuse) => unknown;
type Refuse = (why: string) => never;

const asNumber = (text: string, refuse: Refuse): number => {
  if (!/^\d{1,9}$/.test(text)) refuse(`"${text}" is not a whole number`);
  return Number(text);
};
const asFlag = (text: string, refuse: Refuse): boolean => {
  const word = text.toLowerCase();
  if (['yes', 'on', 'true', '1'].includes(word)) return true;
  if (['no', 'off', 'false', '0'].includes(word)) return false;
  return refuse(`"${text}" is neither yes nor no`);
};
const readers: Readonly<Record<SsoWords[string][1], Reader>> = {
  text: (text) => text,
  number: asNumber,
  flag: asFlag,
  accounts: (text) =>
    text
      .split(';')
      .map((account) => account.trim())
      .filter((account) => account !== ''),
};

/**
 * Reads a file of ssomanage: `globalInfo`, `application` and `mapping` below `sso`. What nobody knows is refused, so
 * that a misspelt flag is not taken for its default. Throws `AppError` `invalid_input` with file and line.
 */
export function readSsoXml(text: string, file: string): SsoXml {
  return readDocument(text, file, (element, refuse) => readApplication(element, file, refuse));
}

/** Reads a file of ssops: the same with adapters in place of applications. */
export function readAdapterXml(text: string, file: string): SsoXml {
  return readDocument(text, file, (element) => readAdapter(element, file));
}

function readDocument(
  text: string,
  file: string,
  readDefinition: (element: XmlElement, refuse: Refuse) => XmlDefinition,
): SsoXml {
  const root = readXmlTree(text, file);
  if (root.name.toLowerCase() !== 'sso') refuseAt(file, root)(`the root is <${root.name}>, not <sso>`);
  let system: Record<string, unknown> = {};
  const definitions: XmlDefinition[] = [];
  const mappings: XmlMapping[] = [];
  for (const element of root.children) {
    const refuse = refuseAt(file, element);
    // The second spelling stands in the published samples.
    if (element.name === 'globalInfo' || element.name === 'globalnfo')
      system = readWords(element.children.map(toPair), systemWords, file);
    else if (element.name === 'application') definitions.push(readDefinition(element, refuse));
    else if (element.name === 'mapping') mappings.push(readMapping(element, file));
    else refuse(`<${element.name}> is not known here`);
  }
  return { system, definitions, mappings };
}

function readApplication(element: XmlElement, file: string, refuse: Refuse): XmlDefinition {
  const definition = readNamed(element, file, applicationWords, applicationFlags, [
    'groupApp',
    'configStoreApp',
  ]);
  const fields = element.children
    .filter(({ name }) => name === 'field')
    .map((field) => readField(field, file));
  const flags = element.children.find(({ name }) => name === 'flags')?.attributes ?? {};
  const isSet = (name: string): boolean => flags[name] !== undefined && asFlag(flags[name], refuse) === true;
  if (isSet('configStoreApp')) refuse('a configuration store application has no place here');
  const isHostGroup = definition.values['windowsAccount'] !== undefined;
  const type = isHostGroup ? 'host-group' : isSet('groupApp') ? 'group' : undefined;
  const ordered = fields.sort((left, right) => left.ordinal - right.ordinal);
  if (ordered.some(({ ordinal }, index) => ordinal !== index))
    refuse('the ordinals of its fields are not 0, 1, 2 ...');
  return {
    ...definition,
    values: {
      ...definition.values,
      ...(type === undefined ? {} : { type }),
      ...(fields.length === 0 ? {} : { fields: ordered.map(({ ordinal: _, ...field }) => field) }),
    },
  };
}

function readAdapter(element: XmlElement, file: string): XmlDefinition {
  const definition = readNamed(element, file, adapterWords, adapterFlags, ['groupAdapter']);
  const flags = element.children.find(({ name }) => name === 'flags');
  const group = flags?.attributes['groupAdapter'];
  const isGroup = flags !== undefined && group !== undefined && asFlag(group, refuseAt(file, flags)) === true;
  return isGroup ? { ...definition, values: { ...definition.values, kind: 'group-adapter' } } : definition;
}

/** What applications and adapters share: a name, simple elements, and one element of flags. */
function readNamed(
  element: XmlElement,
  file: string,
  words: SsoWords,
  flagWords: SsoWords,
  otherFlags: readonly string[],
): XmlDefinition {
  const name = element.attributes['name'];
  if (name === undefined) return refuseAt(file, element)('an application has no name');
  const simple = element.children.filter((child) => child.name !== 'field' && child.name !== 'flags');
  const flags = element.children
    .filter((child) => child.name === 'flags')
    .flatMap((child) =>
      Object.entries(child.attributes)
        .filter(([flag]) => !otherFlags.includes(flag))
        .map(([flag, text]) => ({ name: flag, text, line: child.line })),
    );
  const values = { ...readWords(simple.map(toPair), words, file), ...readWords(flags, flagWords, file) };
  return { name, line: element.line, values };
}

function readField(element: XmlElement, file: string) {
  const refuse = refuseAt(file, element);
  const { ordinal = '', label = '', masked = 'no', synchronized, ...others } = element.attributes;
  for (const unknown of Object.keys(others)) refuse(`a field has no attribute ${unknown}`);
  return {
    ordinal: asNumber(ordinal, refuse),
    label,
    masked: asFlag(masked, refuse),
    ...(synchronized === undefined ? {} : { synchronized: asFlag(synchronized, refuse) }),
  };
}

function readMapping(element: XmlElement, file: string): XmlMapping {
  const refuse = refuseAt(file, element);
  const parts = new Map(element.children.map(({ name, text }) => [name, text]));
  const take = (name: string): string => {
    const text = parts.get(name);
    parts.delete(name);
    return text ?? refuse(`a mapping has no <${name}>`);
  };
  const [domain, user] = [take('windowsDomain'), take('windowsUserId')];
  if (domain.length > 15) refuse(`the domain name ${domain} is longer than 15 characters`);
  const mapping = {
    windowsAccount: `${domain}\\${user}`,
    application: take('externalApplication'),
    externalUser: take('externalUserId'),
  };
  for (const unknown of parts.keys()) refuse(`<${unknown}> is not known in a mapping`);
  return mapping;
}

interface Pair {
  readonly name: string;
  readonly text: string;
  readonly line: number;
}

function toPair({ name, text, line }: XmlElement): Pair {
  return { name, text, line };
}

function readWords(pairs: readonly Pair[], words: SsoWords, file: string): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const { name, text, line } of pairs) {
    const refuse = refuseAt(file, { line });
    const word = Object.hasOwn(words, name) ? words[name] : undefined;
    if (word === undefined) return refuse(`${name} is not known here`);
    if (seen.has(name)) refuse(`${name} stands twice`);
    seen.add(name);
    const [path, kind] = word;
    const [first = '', second] = path.split('.');
    const value = readers[kind](text, refuse);
    values[first] =
      second === undefined ? value : { ...(values[first] as object | undefined), [second]: value };
  }
  return values;
}

function refuseAt(file: string, { line }: { readonly line: number }): Refuse {
  return (why) => {
    throw new AppError('invalid_input', `${file}:${line}: ${why} (event 10854)`, {
      fix: 'Correct this line of the file; nothing was changed.',
    });
  };
}
