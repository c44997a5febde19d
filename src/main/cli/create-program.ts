import { Command, Help } from 'commander';

import type { OpenPcnsSession } from '#capture/pcns-session.ts';
import { createPcnscfgVerbs } from '#capture/pcnscfg-verbs.ts';
import { version } from '#host/version.ts';

import { addAdapterCommand } from './commands/adapter.ts';
import { addAgentsCommand } from './commands/agents.ts';
import { addAuditCommand } from './commands/audit.ts';
import { addCaptureCommand } from './commands/capture.ts';
import { addChangeCommands } from './commands/changes.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addConfigCommand } from './commands/config.ts';
import { addConsoleCommand } from './commands/console.ts';
import { addControllersCommand } from './commands/controllers.ts';
import { addEventsCommand } from './commands/events.ts';
import { addExtensionCommand } from './commands/extension.ts';
import { addKeysCommand } from './commands/keys.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addPcnscfgCommand } from './commands/pcnscfg.ts';
import { addPeopleCommands } from './commands/people.ts';
import { addPreviewCommand } from './commands/preview.ts';
import { addQueueCommand } from './commands/queue.ts';
import { addRunCommands } from './commands/run.ts';
import { addServeCommand } from './commands/serve.ts';
import { addServersCommand } from './commands/servers.ts';
import { addSnapshotCommand } from './commands/snapshot.ts';
import { addSsoclientCommand } from './commands/ssoclient.ts';
import { addSsoconfigCommand } from './commands/ssoconfig.ts';
import { addSsomanageCommand } from './commands/ssomanage.ts';
import { addSsopsCommand } from './commands/ssops.ts';
import { addStatusCommand } from './commands/status.ts';
import { addStoreCommand } from './commands/store.ts';
import { addSyncCommand } from './commands/sync.ts';
import { addTryCommand } from './commands/try.ts';
import { exitCodeMeanings } from './exit-code.ts';
import { describeCommand } from './output/command-description.ts';
import type { Terminal } from './terminal.ts';

/** The command table. With `json`, help is JSON, and what is wrong with a line is left to the caller to say. */
export function createProgram(terminal: Terminal, { json = false } = {}): Command {
  const program = new Command('carillon')
    .description("Keeps a person's password the same everywhere")
    .version(version, '--version', 'print the version')
    .option('--data <directory>', 'data directory of the service')
    .option('--server <host[:port]>', 'server on another computer, by its remote access')
    .option('--json', 'print JSON')
    .helpOption('-h, --help', 'explain a command')
    .addHelpText('after', () => (json ? '' : `\n${describeExitCodes()}`))
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => json || terminal.stderr.write(text),
    })
    .configureHelp({
      showGlobalOptions: true,
      formatHelp: (command, help) =>
        json ? describeCommand(command, help) : Help.prototype.formatHelp.call(help, command, help),
    })
    .showSuggestionAfterError()
    .exitOverride();
  addServeCommand(program, terminal);
  addConsoleCommand(program, terminal);
  addServersCommand(program, terminal);
  addStatusCommand(program, terminal);
  addSyncCommand(program, terminal);
  addAgentsCommand(program, terminal);
  addRunCommands(program, terminal);
  addQueueCommand(program, terminal);
  addChangeCommands(program, terminal);
  addEventsCommand(program, terminal);
  addPeopleCommands(program, terminal);
  addPreviewCommand(program, terminal);
  addControllersCommand(program, terminal);
  addCaptureCommand(program, terminal);
  addPcnscfgCommand(program, terminal, createPcnscfgVerbs(openSession));
  addConfigCommand(program, terminal);
  addSnapshotCommand(program, terminal);
  addMigrateCommand(program, terminal);
  addExtensionCommand(program, terminal);
  addKeysCommand(program, terminal);
  addSsomanageCommand(program, terminal);
  addSsoclientCommand(program, terminal);
  addSsoconfigCommand(program, terminal);
  addSsopsCommand(program, terminal);
  addAuditCommand(program, terminal);
  addStoreCommand(program, terminal);
  addAdapterCommand(program, terminal);
  addTryCommand(program, terminal);
  addCompletionCommand(program, terminal);
  return program;
}

/** The way to a directory is loaded when a verb goes it: every other command starts faster. */
const openSession: OpenPcnsSession = async (location) => {
  const { openPcnsSession } = await import('#capture/open-pcns-session.ts');
  return await openPcnsSession(location);
};

function describeExitCodes(): string {
  const lines = exitCodeMeanings.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`);
  return ['Exit codes:', ...lines].join('\n');
}
