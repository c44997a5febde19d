import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Command } from 'commander';
import { expect, test } from 'vitest';

import { createProgram } from '#cli/create-program.ts';
import { exitCodeMeanings } from '#cli/exit-code.ts';
import { openTerminal } from '#cli/terminal.ts';
import { formatSnapshot, takeSnapshot } from '#exchange/snapshot/snapshot.ts';
import { configurationSchema } from '#shared/model/configuration.ts';
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

test.each(['-help', '-?', '/?', 'help'])('a tool of single sign-on tells its verbs for %s', async (asked) => {
  const { code, stdout } = await runCliHere(['ssomanage', asked]);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('-listapps [all]') });
});

test('a report that goes to a file is of the format asked for, and JSON says where it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-compare-'));
  const [left, report] = [join(folder, 'left.json'), join(folder, 'report.html')];
  try {
    const configuration = configurationSchema.parse({ version: 1, agents: [] });
    const origin = {
      product: '1',
      host: 'dc',
      madeAt: '2026-03-01T12:00:00.000Z',
      madeBy: 'test',
      revision: 'a',
    };
    writeFileSync(left, formatSnapshot(takeSnapshot({ configuration, secrets: {} }, origin)));
    const words = ['snapshot', 'compare', left, left, '--format', 'html', '--out', report, '--json'];
    const { code, stdout, stderr } = await runCliHere(words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ file: report, identical: true });
    expect(readFileSync(report, 'utf8')).toMatch(/^<!doctype html>/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each<[args: readonly string[], code: number, message: RegExp]>([
  [['snapshot', 'verify', '/nowhere/a.json'], 5, /a\.json cannot be read: there is no such file or folder$/],
  [['snapshot', 'verify', tmpdir()], 2, /cannot be read: it is a folder$/],
  [['adapter', 'run', '/nowhere/adapter.json'], 5, /cannot be read as JSON: ENOENT/],
  [['capture', 'status', '--config', 'README.md'], 1, /README\.md cannot be read as JSON: Unexpected token/],
])('%j says why the file cannot be had', async (args, code, message) => {
  const finished = await runCliHere([...args, '--json']);
  expect(finished.code).toBe(code);
  expect(JSON.parse(finished.stderr).error.message).toMatch(message);
});

test('what installing capture would do is one JSON document', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-capture-'));
  const [config, smbConf] = [join(folder, 'capture.json'), join(folder, 'smb.conf')];
  try {
    writeFileSync(smbConf, '[global]\n');
    writeFileSync(config, JSON.stringify({ smbConf }));
    const { code, stdout } = await runCliHere([
      'capture',
      'install',
      '--dry-run',
      '--config',
      config,
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      dryRun: true,
      steps: expect.arrayContaining([expect.stringMatching(/^Hook: /)]),
    });
    expect(readFileSync(smbConf, 'utf8')).toBe('[global]\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
