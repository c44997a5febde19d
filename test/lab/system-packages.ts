import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** Debian packages that the lab and the tests use, each with what is used of it. */
export const systemPackages = [
  // Active Directory: the controller, what it is provisioned from, and winbindd, without which smbd refuses sessions.
  'samba',
  'samba-ad-dc',
  'samba-ad-provision',
  'samba-dsdb-modules',
  'samba-vfs-modules',
  'winbind',
  // rpcclient: passwords over SAMR.
  'smbclient',
  // kinit, kpasswd.
  'krb5-user',
  'slapd',
  // ldapmodify, ldapsearch, ldapwhoami: the independent clients.
  'ldap-utils',
  'libsasl2-modules-gssapi-mit',
  '389-ds-base',
  'postgresql',
  'mariadb-server',
  // ip netns; unshare is in util-linux, which every Debian has.
  'iproute2',
  'openssl',
  // The password hook is compiled where it is tested.
  'gcc',
  'libc6-dev',
  // The console's page is driven in it.
  'chromium',
  // A sender whose clock is wrong.
  'faketime',
  // A keychain to keep keys in.
  'dbus-daemon',
  'gnome-keyring',
] as const;

function findMissing(): string[] {
  // dpkg-query lists what it knows and fails for the rest; both are wanted.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own notation
  const format = '${Package} ${db:Status-Status}\\n';
  const known = spawnSync('dpkg-query', ['-W', '-f', format, ...systemPackages], { encoding: 'utf8' });
  const installed = new Set(
    (known.stdout ?? '')
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return systemPackages.filter((name) => !installed.has(name));
}

/** Keeps packages from starting their services while `install` runs; the lab starts its own in its own network. */
function withoutServiceStarts(install: () => void): void {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) {
    install();
    return;
  }
  // 101: action forbidden by policy (invoke-rc.d(8)).
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    rmSync(policy, { force: true });
  }
}

function aptGet(...args: readonly string[]): void {
  const done = spawnSync('apt-get', ['-y', '-qq', ...args], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (done.status !== 0) throw new Error(`apt-get ${args[0] ?? ''} ended with ${done.status}`);
}

/** Installs the missing system packages on Debian as root; elsewhere throws one line that names them. */
export function ensureSystemPackages(): void {
  const isDebian = existsSync('/usr/bin/apt-get');
  const missing = isDebian ? findMissing() : [...systemPackages];
  if (missing.length === 0) return;
  if (!isDebian || process.getuid?.() !== 0) {
    const how = isDebian
      ? 'run again as root or install them'
      : 'they install by themselves on Debian as root';
    throw new Error(`The lab needs ${missing.join(', ')}: ${how}`);
  }
  process.stderr.write(`Installing ${missing.join(', ')}\n`);
  withoutServiceStarts(() => {
    aptGet('update');
    aptGet('install', '--no-install-recommends', ...missing);
  });
}
