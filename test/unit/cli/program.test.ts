import { readFileSync } from 'node:fs';

import type { Command } from 'commander';
import { expect, test } from 'vitest';

import { createProgram } from '#cli/create-program.ts';
import { exitCodeMeanings } from '#cli/exit-code.ts';
import { openTerminal } from '#cli/terminal.ts';
import { runCliHere } from '#test/run-cli-here.ts';

const program = createProgram(openTerminal());
const page = readFileSync('docs/command-line.md', 'utf8');

function listCommands(command: Command, path = ''): string[] {
  return command.commands.flatMap((child) => {
    const at = `${path} ${child.name()}`.trim();
    return [at, ...listCommands(child, at)];
  });
}

test('the page names every command', () => {
  const commands = listCommands(program);
  expect(commands.length).toBeGreaterThan(40);
  const missing = commands.filter((command) => {
    const words = command.split(' ');
    // `queue [list]` stands for the default command.
    const short = `\`${words.slice(0, -1).join(' ')} [${words.at(-1)}]`;
    return !page.includes(`\`${command}`) && !page.includes(short);
  });
  expect(missing).toEqual([]);
});

test('the page and the help name every exit code', () => {
  let help = '';
  program.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  program.outputHelp();
  for (const [code, meaning] of exitCodeMeanings) {
    expect(page).toContain(`| ${code} | ${meaning} |`);
    expect(help).toMatch(new RegExp(`${code}\\s+${meaning.slice(0, 20)}`));
  }
});

test('every command and option says what it does', () => {
  const dumb = (command: Command): string[] => [
    ...(command.description() === '' && command !== program ? [command.name()] : []),
    ...command.options
      .filter(({ description }) => !description)
      .map(({ flags }) => `${command.name()} ${flags}`),
    ...command.commands.flatMap(dumb),
  ];
  expect(dumb(program)).toEqual([]);
});

test('an adapter that fails its test ends the command with 1, and JSON still says what failed', async () => {
  const { code, stdout, stderr } = await runCliHere([
    'adapter',
    'test',
    '/bin/false',
    '--timeout',
    '1',
    '--json',
  ]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false });
  expect(JSON.parse(stderr).error.message).toMatch(/^The adapter fails \d+ of \d+ checks$/);
});

test.each<[args: readonly string[], message: RegExp, fix: RegExp]>([
  [['statos'], /^unknown command 'statos'$/, /^Did you mean status\?$/],
  [['history'], /^missing required argument 'account'$/, /carillon help/],
  [['status', '--bogus'], /^unknown option '--bogus'$/, /carillon help/],
  [['snapshot'], /^No command is named$/, /carillon help/],
  [[], /^No command is named$/, /carillon help/],
])('%j is wrong in JSON where JSON is asked for', async (args, message, fix) => {
  const { code, stdout, stderr } = await runCliHere([...args, '--json']);
  expect({ code, stdout, ...JSON.parse(stderr) }).toEqual({
    code: 2,
    stdout: '',
    error: {
      code: 'invalid_input',
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    },
  });
});

test('help is JSON where JSON is asked for', async () => {
  const all = JSON.parse((await runCliHere(['help', '--json'])).stdout);
  expect(all.commands.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['serve', 'status', 'queue', 'help']),
  );
  expect(all.exitCodes).toHaveLength(exitCodeMeanings.length);
  const tool = JSON.parse((await runCliHere(['ssomanage', '--help', '--json'])).stdout);
  expect(tool.arguments[0].verbs).toContainEqual({
    usage: expect.stringMatching(/^-createapps /),
    description: expect.any(String),
  });
});
