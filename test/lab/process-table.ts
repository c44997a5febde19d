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

/** Every live process that fulfils the condition. */
export function findProcesses(condition: (pid: number) => boolean): RunningProcess[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).flatMap((pid) => (condition(pid) ? (readProcess(pid) ?? []) : []));
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
