import { type Agent, type DatabaseAgent, type DirectoryAgent, isDirectoryAgent } from './agent.ts';
import type { PasswordMethod } from './agent-database.ts';
import type { RuleBreach } from './find-rule-breaches.ts';

type Path = readonly (string | number)[];

/** What a statement or a procedure's parameter may name besides the columns of the anchor. */
const knownParameters = ['anchor', 'dn', 'password', 'oldPassword', 'mustChange', 'unlock'];
/** Of Unix, of a Windows drive, or of a share. */
const absolutePath = /^(?:\/|[A-Za-z]:[\\/]|\\\\)/;
const parameterPattern = /:([A-Za-z_][A-Za-z0-9_]*)/g;

/** Checks how an agent reaches its system and gets passwords there. */
export function findConnectionBreaches(agent: Agent, path: Path): RuleBreach[] {
  if (isDirectoryAgent(agent)) return checkDirectory(agent, path);
  return [...checkPath(agent, path), ...checkSystem(agent, path)];
}

/** A service has no folder of its own to start from. */
function checkPath({ connection }: Agent, path: Path): RuleBreach[] {
  if (!('path' in connection) || absolutePath.test(connection.path)) return [];
  return [
    {
      severity: 'error',
      path: [...path, 'connection', 'path'],
      message: `"${connection.path}" is not an absolute path`,
      fix: 'Write the path from the root on.',
    },
  ];
}

function checkSystem(agent: Exclude<Agent, DirectoryAgent>, path: Path): RuleBreach[] {
  if ('table' in agent) return checkDatabase(agent, path);
  if (agent.kind === 'extension' || agent.kind === 'entsso') return [];
  if (!agent.password.enabled || agent.passwordExtension !== undefined) return [];
  return [
    {
      severity: 'warning',
      path: [...path, 'password', 'enabled'],
      message: `"${agent.name}" is a file and has no password extension: it refuses every password (event 6922)`,
      fix: 'Add "passwordExtension" with the command of a program that takes passwords.',
    },
  ];
}

function checkDirectory({ name, connection, password }: DirectoryAgent, path: Path): RuleBreach[] {
  const breaches: RuleBreach[] = [];
  const plain = connection.url.startsWith('ldap://');
  if (plain && password.enabled && password.requireSecureConnection)
    breaches.push({
      severity: 'error',
      path: [...path, 'connection', 'url'],
      message: `"${name}" requires a secure connection and is reached over plain ldap://`,
      fix: 'Use ldaps:// in "url", or set "requireSecureConnection" to false in "password".',
    });
  if (plain && connection.authentication.method === 'simple')
    breaches.push({
      severity: 'warning',
      path: [...path, 'connection', 'url'],
      message: `The agent's own password travels to "${name}" unprotected`,
      fix: 'Use ldaps:// in "url", or gssapi authentication.',
    });
  if (connection.authentication.method === 'external' && !connection.url.startsWith('ldapi://'))
    breaches.push({
      severity: 'error',
      path: [...path, 'connection', 'authentication', 'method'],
      message: 'External authentication works over ldapi:// only',
      fix: 'Use simple or gssapi, or reach the server through its local socket.',
    });
  return breaches;
}

function checkDatabase(agent: DatabaseAgent, path: Path): RuleBreach[] {
  const { name, connection, password, passwordMethod } = agent;
  const breaches: RuleBreach[] = [];
  const isPlain = 'host' in connection && !connection.tls && !connection.host.startsWith('/');
  if (isPlain && password.enabled && password.requireSecureConnection)
    breaches.push({
      severity: 'error',
      path: [...path, 'connection', 'tls'],
      message: `"${name}" requires a secure connection and is reached without TLS`,
      fix: 'Set "tls" to true in "connection", or set "requireSecureConnection" to false in "password".',
    });
  if (password.enabled && passwordMethod === undefined)
    breaches.push({
      severity: 'warning',
      path: [...path, 'password', 'enabled'],
      message: `"${name}" has no password method: it refuses every password (event 6922)`,
      fix: 'Add "passwordMethod" with a statement, a procedure or an extension.',
    });
  if (passwordMethod === undefined || passwordMethod.method === 'extension') return breaches;
  if (agent.kind === 'sqlite' && passwordMethod.method === 'procedure')
    breaches.push({
      severity: 'error',
      path: [...path, 'passwordMethod', 'method'],
      message: 'SQLite has no stored procedures',
      fix: 'Use "statement" or "extension" as method.',
    });
  return [...breaches, ...checkParameters(agent, passwordMethod, [...path, 'passwordMethod'])];
}

function checkParameters(
  { anchor }: DatabaseAgent,
  method: Exclude<PasswordMethod, { method: 'extension' }>,
  path: Path,
): RuleBreach[] {
  const known = [...knownParameters, ...anchor];
  return (['set', 'change', 'verify'] as const).flatMap((key) => {
    const given = method[key];
    if (given === undefined) return [];
    const text = typeof given === 'string' ? given : given.parameters.join('\n');
    // Texts in quotes and casts (::text) hold no parameters.
    const bare = text.replaceAll(/'[^']*'|::/g, ' ');
    const named = [...bare.matchAll(parameterPattern)].map(([, parameter]) => parameter ?? '');
    const unknown = named.filter((parameter) => !known.includes(parameter));
    const place = [...path, key];
    const breaches: RuleBreach[] = unknown.map((parameter) => ({
      severity: 'error',
      path: place,
      message: `":${parameter}" is no parameter`,
      fix: `Use one of ${known.map((word) => `:${word}`).join(', ')}.`,
    }));
    if (!named.includes('password'))
      breaches.push({
        severity: 'error',
        path: place,
        message: 'The password has no place in it',
        fix: 'Write :password where the password belongs.',
      });
    return breaches;
  });
}
