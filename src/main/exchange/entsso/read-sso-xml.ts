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

/** Names of elements and attributes in lower case: the samples that came with ENTSSO write them in several. */
type Known = ReadonlyMap<string, SsoWords[string]>;
const known = (words: SsoWords): Known =>
  new Map(Object.entries(words).map(([name, word]) => [name.toLowerCase(), word]));

const knownInSystem = known(systemWords);
const knownInApplication = known(applicationWords);
const knownInAdapter = known(adapterWords);
const knownAdapterFlags = known(adapterFlags);
const knownApplicationFlags = known({
  ...applicationFlags,
  // As the first versions called them, and a deployment sample still does.
  allowLocalGroups: ['allowLocalAccounts', 'flag'],
  adminGroupSame: ['administratorsSameAsAffiliate', 'flag'],
  ticketTimeout: ['timeoutTickets', 'flag'],
});

/**
 * Reads a file of ssomanage: `globalInfo`, `application` and `mapping` below `sso`, in whatever case. What nobody knows
 * is refused, so that a misspelt flag is not taken for its default. Throws `AppError` `invalid_input` with file and line.
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
  if (!isNamed('sso')(root)) refuseAt(file, root)(`the root is <${root.name}>, not <sso>`);
  let system: Record<string, unknown> = {};
  const definitions: XmlDefinition[] = [];
  const mappings: XmlMapping[] = [];
  for (const element of root.children) {
    const refuse = refuseAt(file, element);
    // The second spelling stands in the published samples.
    if (isNamed('globalInfo')(element) || isNamed('globalnfo')(element))
      system = readWords(element.children.map(toPair), knownInSystem, file);
    else if (isNamed('application')(element)) definitions.push(readDefinition(element, refuse));
    else if (isNamed('mapping')(element)) mappings.push(readMapping(element, file));
    else refuse(`<${element.name}> is not known here`);
  }
  return { system, definitions, mappings };
}

function readApplication(element: XmlElement, file: string, refuse: Refuse): XmlDefinition {
  const flags = flagsOf(element);
  const definition = readNamed(
    element,
    flags.filter(({ name }) => !/^(groupApp|configStoreApp)$/i.test(name)),
    { known: knownInApplication, knownFlags: knownApplicationFlags, file },
  );
  const fields = element.children.filter(isNamed('field')).map((field) => readField(field, file));
  if (isSet(flags, 'configStoreApp', file)) refuse('a configuration store application has no place here');
  const isHostGroup = definition.values['windowsAccount'] !== undefined;
  const type = isHostGroup ? 'host-group' : isSet(flags, 'groupApp', file) ? 'group' : undefined;
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
  const flags = flagsOf(element);
  const definition = readNamed(
    element,
    flags.filter(({ name }) => !/^groupAdapter$/i.test(name)),
    { known: knownInAdapter, knownFlags: knownAdapterFlags, file },
  );
  return isSet(flags, 'groupAdapter', file)
    ? { ...definition, values: { ...definition.values, kind: 'group-adapter' } }
    : definition;
}

function flagsOf(element: XmlElement): readonly Pair[] {
  return element.children
    .filter(isNamed('flags'))
    .flatMap(({ attributes, line }) =>
      Object.entries(attributes).map(([name, text]) => ({ name, text, line })),
    );
}

/** Whether a flag that is no value of our model is on. */
function isSet(flags: readonly Pair[], name: string, file: string): boolean {
  const [flag, second] = flags.filter(isNamed(name));
  if (second !== undefined) refuseAt(file, second)(`${name} stands twice`);
  return flag !== undefined && asFlag(flag.text, refuseAt(file, flag));
}

/** What applications and adapters share: a name, simple elements, and flags. */
function readNamed(
  element: XmlElement,
  flags: readonly Pair[],
  { known, knownFlags, file }: { readonly known: Known; readonly knownFlags: Known; readonly file: string },
): XmlDefinition {
  const name = attributesOf(element, file).get('name');
  if (name === undefined) return refuseAt(file, element)('an application has no name');
  const simple = element.children.filter((child) => !/^(field|flags)$/i.test(child.name));
  const values = { ...readWords(simple.map(toPair), known, file), ...readWords(flags, knownFlags, file) };
  return { name, line: element.line, values };
}

/** Attributes by their names in lower case. */
function attributesOf({ attributes, line }: XmlElement, file: string): ReadonlyMap<string, string> {
  return byName(
    Object.entries(attributes).map(([name, text]) => ({ name, text, line })),
    file,
  );
}

function byName(pairs: readonly Pair[], file: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { name, text, line } of pairs) {
    if (texts.has(name.toLowerCase())) refuseAt(file, { line })(`${name} stands twice`);
    texts.set(name.toLowerCase(), text);
  }
  return texts;
}

function readField(element: XmlElement, file: string) {
  const refuse = refuseAt(file, element);
  const attributes = attributesOf(element, file);
  for (const name of attributes.keys())
    if (!['ordinal', 'label', 'masked', 'synchronized'].includes(name))
      refuse(`a field has no attribute ${name}`);
  const synchronized = attributes.get('synchronized');
  return {
    ordinal: asNumber(attributes.get('ordinal') ?? '', refuse),
    label: attributes.get('label') ?? '',
    masked: asFlag(attributes.get('masked') ?? 'no', refuse),
    ...(synchronized === undefined ? {} : { synchronized: asFlag(synchronized, refuse) }),
  };
}

function readMapping(element: XmlElement, file: string): XmlMapping {
  const refuse = refuseAt(file, element);
  const parts = new Map(byName(element.children.map(toPair), file));
  const take = (name: string): string => {
    const text = parts.get(name.toLowerCase());
    parts.delete(name.toLowerCase());
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

function isNamed(name: string): (one: { readonly name: string }) => boolean {
  return (one) => one.name.toLowerCase() === name.toLowerCase();
}

function readWords(pairs: readonly Pair[], words: Known, file: string): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const { name, text, line } of pairs) {
    const refuse = refuseAt(file, { line });
    const word = words.get(name.toLowerCase());
    if (word === undefined) return refuse(`${name} is not known here`);
    const [path, kind] = word;
    if (seen.has(path)) refuse(`${name} stands twice`);
    seen.add(path);
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
