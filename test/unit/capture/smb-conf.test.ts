import { expect, test } from 'vitest';

import { addPasswordScript, readGlobalParameter, removePasswordScript } from '#capture/smb-conf.ts';

const command = 'exec /usr/lib/carillon/carillon-hook /etc/carillon/hook.conf';
const plain = '# Global parameters\n[global]\n\trealm = FABRIKAM.LAB\n\n[sysvol]\n\tpath = /x\n';

const files: readonly [what: string, text: string][] = [
  ['a plain file', plain],
  [
    'a file with a script of its own',
    plain.replace('\n\n', '\n\tcheck password script = /usr/local/bin/crackcheck -d x\n\n'),
  ],
  ['a file without [global]', '[sysvol]\n\tpath = /x\n'],
  ['an empty file', ''],
];
test.each(files)('%s gets the hook, once', (_, text) => {
  const added = addPasswordScript(text, command);
  expect(readGlobalParameter(added, 'check password script')).toBe(command);
  expect(addPasswordScript(added, command)).toBe(added);
});

test('taking the hook out of a plain file gives the file as it was', () => {
  expect(removePasswordScript(addPasswordScript(plain, command))).toBe(plain);
});

test('the script that was there before stays as a comment and comes back', () => {
  const before = plain.replace(
    '\n\n',
    '\n\tCheck  PasswordScript=/usr/local/bin/crackcheck \\\n -d /usr/lib/dict\n\n',
  );
  const added = addPasswordScript(before, command);
  expect(added).toContain('# before carillon: /usr/local/bin/crackcheck  -d /usr/lib/dict');
  const removed = removePasswordScript(added);
  expect(readGlobalParameter(removed, 'check password script')).toBe(
    '/usr/local/bin/crackcheck  -d /usr/lib/dict',
  );
});

test('another command takes the place of the one before, without a trace of it', () => {
  const first = addPasswordScript(plain, 'exec /old /old.conf');
  const second = addPasswordScript(first, command);
  expect(second).toBe(addPasswordScript(plain, command));
});

test('a parameter of the same name in a share is left alone', () => {
  const share = `${plain}\tcheck password script = /share\n`;
  expect(readGlobalParameter(share, 'check password script')).toBeUndefined();
  expect(addPasswordScript(share, command)).toContain('check password script = /share');
});

test('comments are no settings', () => {
  expect(readGlobalParameter('[global]\n# realm = X\n; realm = Y\n', 'realm')).toBeUndefined();
});
