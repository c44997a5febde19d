import { elementsOf, isElement, textAt, type XmlElement } from '../xml/xml-document.ts';

const attributeName = /^[A-Za-z][A-Za-z0-9_-]*$/;
const deepest = 16;

type Write = (parts: readonly string[]) => string;

/** Functions of synchronization rules that the Common Expression Language has, by name and number of arguments. */
const functions: Readonly<Record<string, Write>> = {
  'iif/3': ([test = '', yes = '', no = '']) => `(${test} ? ${yes} : ${no})`,
  'eq/2': ([one = '', other = '']) => `${one} == ${other}`,
  'noteq/2': ([one = '', other = '']) => `${one} != ${other}`,
  'not/1': ([test = '']) => `!(${test})`,
  'and/2': ([one = '', other = '']) => `(${one} && ${other})`,
  'or/2': ([one = '', other = '']) => `(${one} || ${other})`,
  'uppercase/1': ([text = '']) => `${text}.upper()`,
  'lowercase/1': ([text = '']) => `${text}.lower()`,
  'left/2': ([text = '', count = '']) => `${text}.left(${count})`,
  'trim/1': ([text = '']) => `${text}.trim()`,
  'replacestring/3': ([text = '', from = '', to = '']) => `${text}.replace(${from}, ${to})`,
};

/** The expression that a function of a synchronization rule stands for; undefined where one of its parts has no counterpart. */
export function syncRuleExpression(rule: XmlElement | undefined): string | undefined {
  const flow = elementsOf(elementsOf(rule, 'sync-rule-value')[0], 'export-flow')[0];
  const body =
    flow ??
    elementsOf(elementsOf(rule, 'sync-rule-value')[0], 'import-flow')[0] ??
    elementsOf(rule, 'sync-rule-value')[0];
  const call = elementsOf(body, 'fn')[0];
  return call && writeCall(call, 0);
}

function writeCall(call: XmlElement, depth: number): string | undefined {
  if (depth > deepest) return undefined;
  const id = (call.attributes.get('id') ?? '').toLowerCase();
  const given = elementsOf(call, 'arg');
  // A number stands for itself where a count is meant; elsewhere it is text.
  const parts = given.map((one, index) => writeArgument(one, depth, id === 'left' && index === 1));
  const known = parts.filter((part) => part !== undefined);
  if (known.length !== parts.length || known.length === 0) return undefined;
  if (id === 'ispresent' && given[0] !== undefined) {
    const name = textAt(given[0]);
    return attributeName.test(name) ? `has(object.${name})` : undefined;
  }
  if (id === '+') return `(${known.join(' + ')})`;
  return functions[`${id}/${known.length}`]?.(known);
}

function writeArgument(argument: XmlElement, depth: number, isCount: boolean): string | undefined {
  const inner = argument.children.find(isElement);
  if (inner !== undefined) return inner.name === 'fn' ? writeCall(inner, depth + 1) : undefined;
  const text = textAt(argument);
  if (isCount) return /^\d{1,4}$/.test(text) ? text : undefined;
  const quoted = /^"([^"]*)"$/.exec(text);
  if (quoted !== null) return JSON.stringify(quoted[1]);
  if (!attributeName.test(text) || /^(?:true|false|null)$/i.test(text)) return undefined;
  return text.includes('-') ? `object["${text}"]` : `object.${text}`;
}
