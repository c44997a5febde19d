import type { DatabaseAgent } from '#shared/model/agent.ts';

import { driverOf } from './driver-of.ts';
import type { SqlConnection } from './sql-driver.ts';
import { SqlError } from './sql-error.ts';
import { blankTemplate } from './sql-template.ts';

/**
 * Finds out whether the agent's account may set passwords, without setting one: a statement is planned, a procedure
 * looked up where the database shows only those that one may call. Says what it found. Throws `SqlError`.
 */
export async function checkPasswordRight(
  agent: DatabaseAgent,
  connection: SqlConnection,
  signal: AbortSignal,
): Promise<string> {
  const { passwordMethod: method } = agent;
  const { dialect } = driverOf(agent);
  const set = method === undefined || method.method === 'extension' ? undefined : method.set;
  if (set === undefined) return 'no statement sets passwords';
  if (typeof set === 'string') {
    if (dialect.explain === undefined) return 'this database tells it only when a password is set';
    const text = dialect.explain(blankTemplate(set, agent.anchor));
    await connection.run({ text, values: [] }, signal);
    return 'the set statement may be run';
  }
  if (dialect.findProcedure === undefined) return 'this database tells it only when a password is set';
  const [name = '', schema] = set.procedure.split('.').reverse();
  const text = dialect.findProcedure(
    dialect.placeholder(0),
    schema === undefined ? undefined : dialect.placeholder(1),
  );
  const values = [name.toLowerCase(), ...(schema === undefined ? [] : [schema.toLowerCase()])];
  const { rows } = await connection.run({ text, values }, signal);
  if (rows.length > 0) return `${set.procedure} may be called`;
  throw new SqlError(
    'permission',
    `There is no procedure ${set.procedure} that the agent's account may call`,
  );
}
