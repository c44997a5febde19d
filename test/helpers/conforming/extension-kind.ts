import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { OpenPasswordTarget } from '#agents/password-target-of.ts';
import { type Agent, agentSchema } from '#shared/model/agent.ts';

import { accountOf } from './account-of.ts';
import type { ConformingKind } from './conforming-kind.ts';
import { targetWithoutSignIn } from './target-without-sign-in.ts';

const samples = resolve('samples/extensions');

/** A sample extension, behind one that makes mistakes when it is told to. */
export function extensionKind(folder: () => string, kind: 'extension' | 'delimited'): ConformingKind {
  const targets: OpenPasswordTarget[] = [];
  const inFile = (name: string): string => join(folder(), name);
  const store = kind === 'extension' ? 'book.json' : 'passwd';
  const command =
    kind === 'extension'
      ? [process.execPath, join(samples, 'account-book.ts')]
      : [join(samples, 'htpasswd.sh')];
  const extension = () => ({
    command: process.execPath,
    arguments: [resolve('test/helpers/faulty-extension.ts'), inFile('word'), ...command],
    parameters: { file: inFile(store) },
  });
  const tell = (word: string): void => writeFileSync(inFile('word'), word);
  const agentOf = (): Agent =>
    agentSchema.parse({
      id: randomUUID(),
      name: 'People',
      kind,
      ...(kind === 'extension'
        ? { connection: extension() }
        : { connection: { path: inFile('people.csv') }, anchor: ['id'], passwordExtension: extension() }),
      password: { enabled: true, requireSecureConnection: true },
    });
  return {
    async open() {
      mkdirSync(folder(), { recursive: true });
      tell('');
      writeFileSync(inFile('passwd'), 'a1:x\n');
      chmodSync(inFile('passwd'), 0o600);
      const account = { type: 'person', attributes: {}, version: 1 };
      writeFileSync(inFile('book.json'), JSON.stringify({ version: 1, accounts: { a1: account } }));
    },
    async close() {
      await Promise.all(targets.map((target) => target.close()));
    },
    target(way) {
      if (way === 'denied') tell('say access-denied');
      if (way === 'insecure') tell('insecure');
      const target = targetWithoutSignIn(agentOf());
      targets.push(target);
      return target;
    },
    get known() {
      return accountOf(agentOf(), 'a1');
    },
    get missing() {
      return accountOf(agentOf(), 'nobody');
    },
    async proves(password) {
      const { createHash, scryptSync } = await import('node:crypto');
      if (kind === 'extension') {
        const { a1 } = JSON.parse(readFileSync(inFile('book.json'), 'utf8')).accounts;
        return scryptSync(password, Buffer.from(a1.salt, 'hex'), 32).toString('hex') === a1.hash;
      }
      const { spawnSync } = await import('node:child_process');
      const stored = readFileSync(inFile('passwd'), 'utf8').trim().split(':')[1] ?? '';
      const salt = stored.split('$')[2] ?? createHash('sha1').digest('hex');
      const made = spawnSync('openssl', ['passwd', '-6', '-salt', salt, '-stdin'], {
        input: password,
        encoding: 'utf8',
      });
      return made.stdout.trim() === stored;
    },
    async fault(fault) {
      const file = inFile(store);
      if (fault === 'down') renameSync(file, `${file}.aside`);
      else if (fault === 'none') {
        try {
          renameSync(`${file}.aside`, file);
        } catch {
          // It is where it belongs.
        }
      }
      tell(fault === 'hang' || fault === 'slow' ? fault : '');
    },
    cut: () => tell('crash'),
  };
}
