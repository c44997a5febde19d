import { runConsoleEngine } from '#host/console/run-console-engine.ts';
import { defaultDataDirectory } from '#host/data-directory.ts';

/** The engine of the desktop console, in a utility process. It ends on what nobody caught; the shell starts it again. */
process.on('unhandledRejection', (error) => {
  console.error(error);
  process.exit(1);
});
await runConsoleEngine({
  parent: process.parentPort,
  dataDirectory: defaultDataDirectory(),
  exit: (code) => process.exit(code),
});
