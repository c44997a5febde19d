import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, test } from 'vitest';

const home = mkdtempSync(join(tmpdir(), 'carillon-keychain-'));

afterAll(() => rmSync(home, { recursive: true, force: true }));

const script = `
  import { KeychainKeeper } from '#vault/keychain-keeper.ts';
  const keeper = new KeychainKeeper();
  const say = (error) => console.log(error.code + ': ' + error.message);
  try {
    const { key, note } = await keeper.create();
    const again = await keeper.read(note);
    console.log(Buffer.compare(key.bytes, again.bytes) === 0 && key.length === 32 ? 'same key' : 'another key');
    await keeper.read(new TextEncoder().encode('nobody')).catch(say);
  } catch (error) { say(error); }`;

function run(command: string, ...parameters: string[]): string {
  const node = [process.execPath, '--input-type=module', '-e', script];
  const { DBUS_SESSION_BUS_ADDRESS: _, DISPLAY: __, ...environment } = process.env;
  const child = spawnSync(command, [...parameters, ...node], {
    env: { ...environment, HOME: home, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home },
    encoding: 'utf8',
    timeout: 30_000,
  });
  return child.stdout;
}

test('the keychain keeps the key and says when it has none', () => {
  const unlock = `printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "$@"`;
  expect(run('dbus-run-session', '--', 'sh', '-c', unlock, 'sh')).toBe(
    'same key\nunavailable: The keychain holds no "Carillon" entry "nobody", or it is locked\n',
  );
});

test('a machine without a keychain says so', () => {
  expect(run('env')).toMatch(/^unavailable: The keychain does not answer: /);
});
