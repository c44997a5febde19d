import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds after which a thread that does not stop waits for the disk, and will once it has it. */
const longestStop = 5000;

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

/** Stops a process in its tracks, and returns when the last of its threads has stopped. */
export function stopInTracks(one: RunningProcess): void {
  signalProcess(one, 'SIGSTOP');
  // A thread goes on until it notices: on a busy machine long enough to answer somebody.
  for (let turn = 0; turn < longestStop && isRunning(one) && hasMovingThread(one.pid); turn += 1)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

function hasMovingThread(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).some((thread) => {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      return !/^[TtZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
    });
  } catch {
    // A thread that ended meanwhile: look again.
    return true;
  }
}
