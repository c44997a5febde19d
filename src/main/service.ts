import { runCli } from '#cli/run-cli.ts';
import { openTerminal } from '#cli/terminal.ts';

/** The service of systemd and of Windows: the same as `carillon serve`. */
const code = await runCli(['serve', ...process.argv.slice(2)], openTerminal());
// What ended badly in the background has set it already.
process.exitCode ||= code;
