import { writeFileSync } from 'node:fs';

/**
 * Keeps passwords out of dumps: no memory in a core file, no diagnostic report, no inspector by signal. Node cannot
 * set resource limits, so on Linux the kernel's dump filter is emptied; the service unit also sets LimitCORE=0.
 */
export function hardenProcess(): void {
  if (process.platform === 'linux') {
    try {
      writeFileSync('/proc/self/coredump_filter', '0');
    } catch {
      // A kernel without ELF core dumps has no such file.
    }
  }
  const { report } = process;
  report.reportOnFatalError = false;
  report.reportOnSignal = false;
  report.reportOnUncaughtException = false;
  report.excludeEnv = true;
  // Its own handler takes the place of Node's, which would open the inspector.
  if (process.platform !== 'win32') process.on('SIGUSR1', () => {});
}
