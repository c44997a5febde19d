import { join } from 'node:path';

import { formatStatus } from '#cli/output/status-text.ts';
import { runCli } from '#cli/run-cli.ts';
import { openTerminal } from '#cli/terminal.ts';
import { LabDesk } from '#host/console/lab-desk.ts';
import { openConsole } from '#host/console/open-console.ts';
import { defaultDataDirectory } from '#host/data-directory.ts';
import { runService } from '#host/run-service.ts';
import type { Host } from '#host/start-host.ts';
import type { SystemStatus } from '#shared/contract/system.ts';
import { AppError } from '#shared/model/app-error.ts';

import { buildPage } from './build-page.ts';

const commands = [
  ['status', 'the state, and what needs attention'],
  ['config check', 'the mistakes in the configuration, each with its fix'],
  ['agents', 'the connected directories'],
  ['queue', 'what waits to be delivered'],
  ['events --follow', 'the event log as it grows'],
  ['help', 'everything else'],
] as const;

const terminal = openTerminal();
const { paint, stdout } = terminal;
const dataDirectory = defaultDataDirectory();

function greet(status: SystemStatus): void {
  const width = Math.max(...commands.map(([command]) => command.length));
  const lines = commands.map(
    ([command, meaning]) =>
      `  ${paint('cyan', `npm run -s carillon -- ${command.padEnd(width)}`)}  ${paint('dim', meaning)}`,
  );
  stdout.write(
    `${[formatStatus(status, paint), '', ...lines, '', 'Ctrl+C stops the service.'].join('\n')}\n`,
  );
}

/** The lab needs network namespaces, and root to make them. */
const lab = new LabDesk({
  command: [process.execPath, join(import.meta.dirname, 'lab.ts')],
  lack:
    process.platform === 'linux' && process.getuid?.() === 0
      ? undefined
      : 'The lab runs on Linux, for root: it starts its servers in a network of their own.',
});

async function openUp(status: SystemStatus, host: Host): Promise<() => Promise<void>> {
  greet(status);
  const opened = await openConsole({
    page: await buildPage(),
    dataDirectory,
    environment: process.env,
    ways: {
      here: (port) => host.attach(port, 'administer', 'console'),
      desk: (port) => lab.attach(port),
    },
  });
  stdout.write(`${opened.words}\n`);
  return async () => {
    await opened.close();
    await lab.stop();
  };
}

try {
  await runService({ dataDirectory, onReady: openUp });
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${paint('red', 'carillon:')} ${error.message}\n${error.fix ?? ''}\n`);
  // Somebody else's service there: its state is what the person came for.
  if (error.code === 'conflict') await runCli(['status'], terminal);
  process.exitCode = 1;
}
