import { spawnSync } from 'node:child_process';

import { describe, expect, test } from 'vitest';

import { createCompletionScript } from '#cli/completion/completion-script.ts';
import { createProgram } from '#cli/create-program.ts';
import { openTerminal } from '#cli/terminal.ts';

const program = createProgram(openTerminal());

/** Has a shell source the script and complete a line; stands in for what only an interactive one has. */
const shells = {
  bash: (script: string) => [
    '-c',
    `${script}\nCOMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _carillon; printf '%s\\n' "\${COMPREPLY[@]}"`,
    'bash',
  ],
  zsh: (script: string) => [
    '-f',
    '-c',
    `words=("$@") CURRENT=$#
_files() { print -l -- \${words[CURRENT]}*(N) }
_describe() { for entry in $entries; do [[ $entry == \${words[CURRENT]}* ]] && print -r -- \${entry%%:*}; done }
${script}`,
    'zsh',
  ],
};

describe.each(['bash', 'zsh'] as const)('in %s', (shell) => {
  const isThere = spawnSync(shell, ['-c', ':']).status === 0;

  test.skipIf(!isThere).each<[line: string, offered: readonly string[]]>([
    ['stat', ['status']],
    ['queue rel', ['release']],
    ['--data /tmp queue rel', ['release']],
    ['ssomanage -createa', ['-createapps']],
    ['completion z', ['zsh']],
    ['snapshot compare package.j', ['package.json']],
    ['snapshot compare package.json package.j', ['package.json']],
    ['migrate read package.j', ['package.json']],
    ['snapshot export --sign package.j', ['package.json']],
    ['--data package.j', ['package.json']],
    ['queue release package.j', []],
  ])('"carillon %s" is completed to %j', (line, offered) => {
    const args = shells[shell](createCompletionScript(program, shell));
    const { stdout, stderr } = spawnSync(shell, [...args, 'carillon', ...line.split(' ')], {
      encoding: 'utf8',
    });
    expect({ stderr, offered: stdout.split('\n').filter((word) => word !== '') }).toEqual({
      stderr: '',
      offered,
    });
  });
});

test('in fish', () => {
  const script = createCompletionScript(program, 'fish');
  expect(script).toContain("'__carillon_at ssomanage' -a -createapps");
  expect(script).toContain("'__carillon_at snapshot compare' -F");
  expect(script).toMatch(/'__carillon_at serve' -l config -rF/);
  expect(script).not.toContain("'__carillon_at queue release' -F");
});
