import type { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';

/** One parameter of a pcnscfg verb: `/N:value`, `--name value` or `--name=value`, without regard to case. */
export interface PcnscfgParameter {
  /** Name in the result of parsing. */
  readonly key: string;
  /** What PCNS calls it, without the slash. */
  readonly short: string;
  readonly long: string;
  readonly required?: boolean;
  readonly summary: string;
}

const shortForm = /^\/([a-z]+)(?::(.*))?$/is;
const longForm = /^--([a-z][a-z-]*)(?:=(.*))?$/is;

/** The values given, by key. Throws `AppError` `invalid_input` naming the parameter and what the verb takes. */
export function parsePcnscfgParameters(
  args: readonly string[],
  parameters: readonly PcnscfgParameter[],
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const short = shortForm.exec(arg);
    const long = short === null ? longForm.exec(arg) : null;
    const name = (short?.[1] ?? long?.[1] ?? '').toLowerCase();
    const parameter = parameters.find((each) =>
      short === null ? each.long === name : each.short.toLowerCase() === name,
    );
    if (parameter === undefined) throw refuse(`"${arg}" is no parameter of this command`, parameters);
    let value = short?.[2] ?? long?.[2];
    if (value === undefined && long !== null && index + 1 < args.length) {
      index += 1;
      value = args[index];
    }
    if (value === undefined) throw refuse(`/${parameter.short} has no value`, parameters);
    if (values.has(parameter.key)) throw refuse(`/${parameter.short} is given twice`, parameters);
    values.set(parameter.key, value);
  }
  for (const { key, short, required } of parameters) {
    if (required && !values.get(key)) throw refuse(`/${short} is missing`, parameters);
  }
  return values;
}

function refuse(message: string, parameters: readonly PcnscfgParameter[]): AppError {
  const known = parameters.map(({ short, required }) => (required ? `/${short}:` : `[/${short}:]`)).join(' ');
  return new AppError('invalid_input', message, { fix: `The command takes ${known}` });
}

/**
 * Reads values as the schema's fields want them: digits as numbers, True and False as booleans.
 * Throws `AppError` `invalid_input` in the words of the parameter that is wrong.
 */
export function parsePcnscfgValues<T extends z.ZodType>(
  schema: T,
  values: Readonly<Record<string, unknown>>,
  parameters: readonly PcnscfgParameter[],
): z.output<T> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const parameter = parameters.find(({ key }) => key === issue?.path[0]);
  const subject = parameter === undefined ? '' : `/${parameter.short} `;
  throw new AppError(
    'invalid_input',
    `${subject}${issue?.message ?? 'is not valid'}`,
    parameter === undefined ? {} : { fix: `/${parameter.short}: ${parameter.summary}` },
  );
}

/** A number in digits; anything else stays text, which the schema then refuses in its own words. */
export function readNumber(text: string): number | string {
  return /^\d{1,15}$/.test(text.trim()) ? Number(text) : text;
}

export function readBoolean(text: string): boolean | string {
  if (/^(true|yes|1)$/i.test(text)) return true;
  return /^(false|no|0)$/i.test(text) ? false : text;
}
