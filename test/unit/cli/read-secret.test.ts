import { PassThrough, Writable } from 'node:stream';

import { expect, test } from 'vitest';

import { readNewSecret } from '#cli/read-secret.ts';
import { askExternalUser } from '#cli/sso/ask-external-user.ts';
import type { Terminal } from '#cli/terminal.ts';
import { textOf } from '#test/sync-world.ts';

/** A person at a terminal, who answers each question that ends in a colon. */
function personWho(...answers: string[]): Terminal & { readonly asked: string[] } {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin });
  const asked: string[] = [];
  const stderr = new Writable({
    write(chunk: Buffer, _, done) {
      const question = /([A-Z][\w ,]*): $/.exec(chunk.toString())?.[1];
      if (question !== undefined) {
        asked.push(question);
        const answer = answers.shift();
        if (answer !== undefined) setImmediate(() => stdin.write(`${answer}\r`));
      }
      done();
    },
  });
  return { stdin, stderr, asked, interrupted: new AbortController().signal } as never;
}

test('a person types a new secret twice, one after another', async () => {
  const terminal = personWho('Geheim-1', 'Geheim-1');
  using secret = await readNewSecret(terminal, 'Password');
  expect(textOf(secret)).toBe('Geheim-1');
  expect(terminal.asked).toEqual(['Password', 'Password, again']);
  await expect(readNewSecret(personWho('Geheim-1', 'Geheim-2'), 'Password')).rejects.toThrow('differ');
});

test('a secret is typed behind a question that is answered in the open', async () => {
  const terminal = personWho('jd01', 'Geheim-1', 'Geheim-1');
  const mapping = { application: 'SAP', windowsAccount: 'FABRIKAM\\jdoe' };
  expect(await askExternalUser(terminal, mapping)).toBe('jd01');
  using secret = await readNewSecret(terminal, 'Password');
  expect(textOf(secret)).toBe('Geheim-1');
});
