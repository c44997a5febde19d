#!/usr/bin/env -S node --disable-sigusr1
import { runCli } from '#cli/run-cli.ts';
import { openTerminal } from '#cli/terminal.ts';

const code = await runCli(process.argv.slice(2), openTerminal());
// What ended badly in the background has set it already.
process.exitCode ||= code;
