import type { ProcedureCall } from '#shared/model/agent-database.ts';

import type { SqlDialect, SqlStatement, SqlValue } from './sql-driver.ts';

/** Texts, quoted names and comments, which hold no parameter; a cast; a parameter. */
const pieces = /'(?:[^']|'')*'|"[^"]*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|::|:([A-Za-z_][A-Za-z0-9_]*)/g;
const secretNames = new Set(['password', 'oldPassword']);
const ownParameters = [...secretNames, 'anchor', 'dn', 'unlock', 'mustChange'];

/** Values by parameter name. */
export type SqlParameters = ReadonlyMap<string, SqlValue>;

/** Puts the product's placeholders where a template names its parameters. */
export function fillTemplate(template: string, values: SqlParameters, dialect: SqlDialect): SqlStatement {
  const bound: SqlValue[] = [];
  const text = template.replaceAll(pieces, (piece: string, name: string | undefined) => {
    if (name === undefined) return piece;
    const value = values.get(name);
    if (value === undefined) return piece;
    bound.push(value);
    return bind(dialect, bound.length - 1, name);
  });
  return { text, values: bound };
}

/** The template with NULL for every parameter: it can be planned, and would meet no row. */
export function blankTemplate(template: string, anchor: readonly string[]): string {
  const known = new Set([...ownParameters, ...anchor]);
  return template.replaceAll(pieces, (piece: string, name: string | undefined) =>
    name !== undefined && known.has(name) ? 'NULL' : piece,
  );
}

/** A call of a procedure with its parameters in order. */
export function fillCall(
  { procedure, parameters }: ProcedureCall,
  values: SqlParameters,
  dialect: SqlDialect,
): SqlStatement {
  const bound = parameters.map((parameter) =>
    parameter.startsWith(':') ? (values.get(parameter.slice(1)) ?? parameter) : parameter,
  );
  const placeholders = parameters.map((parameter, index) => bind(dialect, index, parameter.slice(1)));
  return { text: dialect.call(procedure, placeholders), values: bound };
}

function bind(dialect: SqlDialect, index: number, name: string): string {
  const placeholder = dialect.placeholder(index);
  return secretNames.has(name) && dialect.asText !== undefined ? dialect.asText(placeholder) : placeholder;
}
