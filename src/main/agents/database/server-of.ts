import type { DatabaseAgent } from '#shared/model/agent.ts';
import type { DatabaseServer } from '#shared/model/agent-database.ts';

/** The server of an agent whose kind has one. */
export function serverOf({ kind, connection }: DatabaseAgent): DatabaseServer {
  if ('host' in connection) return connection;
  throw new Error(`An agent of kind ${kind} has no server`);
}
