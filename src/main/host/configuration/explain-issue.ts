import type { z } from 'zod';

import type { Mistake } from '#shared/contract/configuration.ts';

import { chooseBranch, describeAllowed, listWords, member, schemaAt } from './allowed-values.ts';
import type { JsonPath, JsonText } from './json-text.ts';
import { nearestWord } from './nearest-word.ts';

type Issue = z.core.$ZodIssue;

/** Turns what the schema objects to into place, finding, allowed values and fix. */
export function explainIssue(issue: Issue, text: JsonText): readonly Mistake[] {
  const path = issue.path as JsonPath;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => explainUnknownKey(path, key, text));
  const value = valueAt(text.value, path);
  const schema = schemaAt(path, text.value);
  const allowed = schema && describeAllowed(schema);
  const name = path.at(-1);
  const mistake = (message: string, fix: string): readonly Mistake[] => [
    {
      severity: 'error',
      path: formatPath(path),
      ...text.locate(path),
      message,
      ...(value === undefined ? {} : { found: shorten(value) }),
      ...(allowed === undefined ? {} : { allowed }),
      fix,
    },
  ];
  if (issue.code === 'custom')
    return mistake(issue.message, String(issue.params?.['fix'] ?? 'Correct the value.'));
  if (value === undefined)
    return mistake(
      `"${name ?? 'version'}" is missing`,
      `Add "${name ?? 'version'}": ${allowed ?? 'a value'}.`,
    );
  const choices = (schema?.enum ?? (schema?.const === undefined ? [] : [schema.const])).map(String);
  if (choices.length > 0) {
    const near = nearestWord(String(value), choices);
    const quoted = choices.map((choice) =>
      schema?.const === undefined || typeof schema.const === 'string' ? `"${choice}"` : choice,
    );
    return mistake(
      'Not one of the allowed values',
      near === undefined ? `Use ${listWords(quoted)}.` : `Did you mean "${near}"?`,
    );
  }
  if (issue.code === 'invalid_type') {
    const number = typeof value === 'string' && /^-?\d+$/.test(value) && schema?.type === 'integer';
    const truth = (value === 'true' || value === 'false') && schema?.type === 'boolean';
    return mistake(
      `${typeWord(value)} where ${typeArticle(schema?.type)} is expected`,
      number || truth ? `Remove the quotes: ${value}.` : write(allowed),
    );
  }
  if (issue.code === 'too_small' || issue.code === 'too_big')
    return mistake(
      issue.code === 'too_small' ? 'Below the allowed range' : 'Above the allowed range',
      write(allowed),
    );
  if (issue.code === 'invalid_format') {
    const form = issue.format === 'guid' ? 'Not a GUID' : issue.message;
    return mistake(
      form,
      issue.format === 'guid'
        ? 'Write a GUID, for example from uuidgen.'
        : `Write a value that fits: ${issue.message.toLowerCase()}.`,
    );
  }
  return mistake(issue.message, write(allowed));
}

function explainUnknownKey(path: JsonPath, key: string, text: JsonText): Mistake {
  const schema = schemaAt(path, text.value);
  const value = valueAt(text.value, path);
  const known = Object.keys((schema && chooseBranch(schema, value).properties) ?? {});
  const near = nearestWord(key, known);
  return {
    severity: 'error',
    path: formatPath([...path, key]),
    ...text.locate([...path, key]),
    message: `Unknown key "${key}"`,
    found: shorten(member(value, key)),
    allowed: listWords(known.map((one) => `"${one}"`)),
    fix: near === undefined ? 'Remove it.' : `Did you mean "${near}"?`,
  };
}

/** `agents[0].password.retryCount`. */
export function formatPath(path: JsonPath): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key);
      return plain ? `${index === 0 ? '' : '.'}${key}` : `[${JSON.stringify(key)}]`;
    })
    .join('');
}

export function valueAt(whole: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((value, key) => member(value, key), whole);
}

export function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** `Write a whole number, 0 to 3, default 1.` */
function write(allowed = 'another value'): string {
  if (/^("|true|another|-?\d)/.test(allowed)) return `Write ${allowed}.`;
  return `Write ${allowed.startsWith('object') ? 'an' : 'a'} ${allowed}.`;
}

function typeWord(value: unknown): string {
  if (value === null) return 'Null';
  if (Array.isArray(value)) return 'A list';
  const words: Readonly<Record<string, string>> = {
    string: 'Text',
    number: 'A number',
    boolean: 'True or false',
    object: 'An object',
  };
  return words[typeof value] ?? 'Something else';
}

function typeArticle(type: string | undefined): string {
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object',
  };
  return words[type ?? 'object'] ?? 'another value';
}
