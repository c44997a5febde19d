/**
 * Stands before another extension and does what the word in a file says, at each password that passes:
 * `node faulty-extension.ts <file with the word> <command> [arguments]`.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const [wordFile = '', command = '', ...words] = process.argv.slice(2);
const child = spawn(command, words, { stdio: ['pipe', 'inherit', 'inherit'] });
child.on('exit', () => process.exit(0));

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** A request with the lines of its secrets, as they came. */
async function* readRequests(): AsyncGenerator<readonly string[]> {
  let rest = '';
  let lines: string[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    const parts = (rest + chunk.toString('latin1')).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      lines.push(part);
      const [request = '{}'] = lines;
      if (lines.length <= (JSON.parse(request).secrets ?? []).length) continue;
      yield lines;
      lines = [];
    }
  }
}

for await (const [request = '{}', ...secrets] of readRequests()) {
  const word = readFileSync(wordFile, 'utf8').trim();
  const { id, op } = JSON.parse(request);
  if (op === 'security' && word === 'insecure') say({ id, ok: true, level: 'not-secure' });
  else if (op === 'set' && word === 'crash') process.exit(3);
  else if (op === 'set' && word === 'garble') process.stdout.write('This is no JSON\n');
  else if (op === 'set' && word === 'tell') {
    // What an author might do in a careless hour.
    const secret = Buffer.from(secrets[0] ?? '', 'base64').toString();
    say({ id, ok: false, error: 'extension-error', message: `Could not set ${secret}` });
  } else if (op === 'set' && word.startsWith('say ')) {
    say({ id, ok: false, error: word.slice(4), message: 'As told' });
  } else if (op !== 'set' || word !== 'hang') {
    if (word === 'slow') await new Promise((resolve) => setTimeout(resolve, 40));
    child.stdin?.write(`${[request, ...secrets].join('\n')}\n`, 'latin1');
  }
}
child.stdin?.end();
