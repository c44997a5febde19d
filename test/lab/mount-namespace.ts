import { closeSync, fstatSync, openSync, readlinkSync } from 'node:fs';

/** Where else a folder or file is seen, by absolute path. */
export type BindMounts = Readonly<Record<string, string>>;

/** A command line that runs a command in a mount namespace of its own, with `mounts` (place: source) in it only. */
export function inMountNamespace(mounts: BindMounts, command: readonly string[]): [string, ...string[]] {
  const setUp = Object.keys(mounts).map((place, index) => {
    const source = `"\${${index + 1}}"`;
    return `{ [ -e ${place} ] || mkdir -p ${place}; } && mount --bind ${source} ${place}`;
  });
  const script = [...setUp, `shift ${setUp.length}`, 'exec "$@"'].join(' && ');
  return ['unshare', '-m', 'sh', '-c', script, 'sh', ...Object.values(mounts), ...command];
}

/** Identity of a process's mount namespace; undefined when the process is gone. */
export function mountNamespaceOf(pid: number | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`);
  } catch {
    return undefined;
  }
}

/** A mount namespace that stays there, with its identity, until it is closed. */
export interface HeldMountNamespace extends Disposable {
  readonly identity: string;
}

/** Holds a process's mount namespace; undefined when the process is gone. */
export function holdMountNamespace(pid: number): HeldMountNamespace | undefined {
  let held: number;
  try {
    held = openSync(`/proc/${pid}/ns/mnt`, 'r');
  } catch {
    return undefined;
  }
  return { identity: `mnt:[${fstatSync(held).ino}]`, [Symbol.dispose]: () => closeSync(held) };
}
