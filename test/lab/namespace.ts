import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type RunningProcess, readProcess, signalProcess } from './process-table.ts';

/** Environment variable that tells the inner run of a script where it is. */
export const namespaceMarker = 'CARILLON_NAMESPACE';

/** Every name that the lab's servers are known by; a realm of its own stands on an address of its own. */
const hosts = `127.0.0.1 dc1.fabrikam.lab dc1
127.0.0.1 intsvr1.fabrikam.lab intsvr1
127.0.0.1 intsvr2.fabrikam.lab intsvr2
127.0.0.1 ldap1.ldap.lab ldap1
127.0.0.1 ds1.ds.lab ds1
127.0.0.1 pg1.sql.lab pg1
127.0.0.1 maria1.sql.lab maria1
127.0.0.2 dc1.northwind.lab
127.0.0.2 dc1.fabrikam.com
127.0.0.1 localhost
::1 localhost
`;

/** A private network in which the lab has the standard ports to itself. */
export interface Namespace {
  readonly name: string;
  /** Everything that the lab writes lies below; removed with the namespace. */
  readonly directory: string;
}

function namespaceNamed(name: string): Namespace {
  return { name, directory: join(tmpdir(), name) };
}

/** The namespace that this process runs in, if it was started by {@link enterNamespace}. */
export function currentNamespace(): Namespace | undefined {
  const name = process.env[namespaceMarker];
  return name === undefined ? undefined : namespaceNamed(name);
}

function ip(...args: readonly string[]): string {
  const done = spawnSync('ip', args, { encoding: 'utf8' });
  if (done.status === 0) return done.stdout;
  throw new Error(`ip ${args.join(' ')}: ${done.error?.message ?? done.stderr.trim()}`);
}

function createNamespace(purpose: string): Namespace {
  const namespace = namespaceNamed(`carillon-${purpose}-${process.pid}`);
  mkdirSync(join('/etc/netns', namespace.name), { recursive: true });
  writeFileSync(join('/etc/netns', namespace.name, 'hosts'), hosts);
  mkdirSync(namespace.directory, { recursive: true, mode: 0o755 });
  ip('netns', 'add', namespace.name);
  ip('-n', namespace.name, 'link', 'set', 'lo', 'up');
  return namespace;
}

/** Servers whose parent is gone; a shell that somebody opened in the namespace is not one of them. */
function findOrphans(namespace: string): RunningProcess[] {
  const inside = ip('netns', 'pids', namespace)
    .split('\n')
    .flatMap((pid) => readProcess(Number(pid)) ?? []);
  const pids = new Set(inside.map(({ pid }) => pid));
  const isOrphan = ({ parent }: RunningProcess): boolean => {
    const above = inside.find(({ pid }) => pid === parent);
    if (above !== undefined) return isOrphan(above);
    return !pids.has(parent) && (parent <= 1 || /^(systemd|init)$/.test(readProcess(parent)?.name ?? ''));
  };
  return inside.filter(isOrphan);
}

function removeNamespace({ name, directory }: Namespace): void {
  const mounted = join('/run/netns', name);
  try {
    if (existsSync(mounted)) {
      for (const orphan of findOrphans(name)) signalProcess(orphan, 'SIGKILL');
      ip('netns', 'delete', name);
    }
  } catch (error) {
    // Two labs that start at the same time clean up side by side: the other one may have been faster.
    if (existsSync(mounted)) throw error;
  }
  rmSync(join('/etc/netns', name), { recursive: true, force: true });
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}

/** Removes what labs left behind whose process was killed. */
function removeStaleNamespaces(): void {
  const found = ['/run/netns', '/etc/netns', tmpdir()].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder) : [],
  );
  for (const name of new Set(found)) {
    const owner = /^carillon-[a-z0-9-]+-(\d+)$/.exec(name)?.[1];
    if (owner !== undefined && readProcess(Number(owner)) === undefined)
      removeNamespace(namespaceNamed(name));
  }
}

function requireRoot(): void {
  if (process.platform === 'linux' && process.getuid?.() === 0) return;
  throw new Error('The lab needs Linux and root: it starts its servers in a network namespace of its own');
}

/**
 * Runs the rest of this script in a network namespace of its own.
 * The first call re-executes the script inside and does not return: it waits, removes the namespace and
 * exits as the inner run did. Inside, it returns the namespace.
 */
export async function enterNamespace(purpose: string): Promise<Namespace> {
  const inside = currentNamespace();
  if (inside !== undefined) return inside;
  requireRoot();
  removeStaleNamespaces();
  const namespace = createNamespace(purpose);
  const script = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  // Should this process be killed, the kernel asks the inner one to end.
  const bound = ['setpriv', '--pdeathsig', 'TERM', ...script];
  const child = spawn('ip', ['netns', 'exec', namespace.name, ...bound], {
    stdio: 'inherit',
    env: { ...process.env, [namespaceMarker]: namespace.name },
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  const code = await new Promise<number>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (status) => resolve(status ?? 1));
  });
  removeNamespace(namespace);
  process.exit(code);
}

/** The namespace that a test needs; says how to get one. */
export function requireNamespace(): Namespace {
  const inside = currentNamespace();
  if (inside !== undefined) return inside;
  throw new Error('Integration tests run in a network namespace: start them with npm test, on Linux as root');
}
