#!/usr/bin/env -S node --disable-sigusr1
import { runCli } from '#cli/run-cli.ts';
import { openTerminal } from '#cli/terminal.ts';

process.exitCode = await runCli(process.argv.slice(2), openTerminal());
