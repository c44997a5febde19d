import { readdirSync, readFileSync } from 'node:fs';

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** Start in clock ticks since boot; with the pid it names one process, even after the pid is used again. */
  readonly startTicks: string;
}

/** A live process, or undefined when it is gone or only waits to be reaped. */
export function readProcess(pid: number): RunningProcess | undefined {
  try {
    // The name may hold spaces and parentheses; the other fields follow its last one (proc(5)).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    const [state, parent, ...rest] = stat.slice(end + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    return {
      pid,
      parent: Number(parent),
      name: stat.slice(stat.indexOf('(') + 1, end),
      startTicks: rest[17] ?? '',
    };
  } catch {
    return undefined;
  }
}

/** A process and everything below it, parents first. Process groups do not do: smbd opens a session of its own. */
export function processTree(root: number): RunningProcess[] {
  const children = new Map<number, RunningProcess[]>();
  for (const name of readdirSync('/proc')) {
    const found = /^\d+$/.test(name) ? readProcess(Number(name)) : undefined;
    if (found !== undefined) children.set(found.parent, [...(children.get(found.parent) ?? []), found]);
  }
  const first = readProcess(root);
  const tree = first === undefined ? [] : [first];
  for (const one of tree) tree.push(...(children.get(one.pid) ?? []));
  return tree;
}

export function isRunning(one: RunningProcess): boolean {
  return readProcess(one.pid)?.startTicks === one.startTicks;
}

/** Signals exactly this process: not one that has its pid since, and no matter if it is gone. */
export function signalProcess(one: RunningProcess, signal: NodeJS.Signals): void {
  if (!isRunning(one)) return;
  try {
    process.kill(one.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
