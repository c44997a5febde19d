import { isSecret } from '../snapshot/secret-names.ts';
import { elementAt, elementsOf, isElement, textAt, type XmlElement } from '../xml/xml-document.ts';
import { firstText } from './first-text.ts';
import type { MappingNotes } from './mapping-note.ts';
import { placeholderOf } from './password-extension.ts';

type Fields = Record<string, unknown>;

const longestName = 128;
const longestValue = 4096;

/**
 * An agent that has no kind here: an extensible one, or that of the FIM service. A program of one's own takes the
 * place of its assembly, is told the same parameters, and every rule of the agent holds for it.
 */
export function mapExtension(category: string, settings: XmlElement, notes: MappingNotes): Fields {
  const file = firstText(settings, 'extension-config/filename');
  const command = placeholderOf(file || `${category}-agent`);
  notes.approximated(
    `Management agent for ${category}`,
    `${file === '' ? 'it has no kind of its own here' : `${file} cannot run here`}: a program of your own takes its place, ${command} until you name another`,
  );
  const parameters: Record<string, string> = {};
  for (const { name, value, why } of parametersOf(settings)) {
    if (why !== undefined) notes.kept(`Parameter ${name}`, why);
    else {
      notes.taken(`Parameter ${name}`, value);
      parameters[name] = value;
    }
  }
  return { connection: { command, parameters } };
}

interface Parameter {
  readonly name: string;
  readonly value: string;
  /** Why it does not come over; undefined where it does. */
  readonly why: string | undefined;
}

/** What the connector was told: connection information of every age, and parameters by name. */
function parametersOf(settings: XmlElement): readonly Parameter[] {
  // Old agents have theirs at the top; at the top of a connector's stands how its files were read.
  const atTop = settings.name === 'MAConfig' ? [] : settings.children.filter(isElement);
  const given = [
    ...atTop.filter(({ children }) => !children.some(isElement)).map((one) => [one.name, one] as const),
    ...['connection-info', 'extension-config/connection-info'].flatMap((path) =>
      (elementAt(settings, path)?.children ?? []).filter(isElement).map((one) => [one.name, one] as const),
    ),
    ...[
      ...elementsOf(elementAt(settings, 'extension-config/attributes'), 'attribute'),
      ...elementsOf(elementAt(settings, 'parameter-values'), 'parameter'),
    ].map((one) => [one.attributes.get('name') ?? '', one] as const),
  ];
  const known = given.filter(
    ([name, one]) => name !== '' && (textAt(one) !== '' || isEncrypted(one) || isSecret(name)),
  );
  return [
    ...new Map(
      known.map(([name, one]) => [name, { name, value: textAt(one), why: whyNot(name, one) }]),
    ).values(),
  ];
}

function whyNot(name: string, parameter: XmlElement): string | undefined {
  const value = textAt(parameter);
  if (isEncrypted(parameter) || isSecret(name)) return 'a secret: set it as the password of the agent';
  if (/(?:password|pwd)\s*=/i.test(value)) return 'it holds a password: tell the program without one';
  if (parameter.attributes.get('type') === 'file') return 'it is a file, which stays in the kept export';
  if (name.length > longestName || value.length > longestValue) return 'it is too long for a parameter';
  return undefined;
}

function isEncrypted(parameter: XmlElement): boolean {
  const type = parameter.attributes.get('type') ?? '';
  return parameter.attributes.get('encrypted') === '1' || type.startsWith('encrypted');
}
