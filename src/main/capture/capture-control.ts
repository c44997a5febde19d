import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';

import { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';
import { messageOf } from '#shared/model/message-of.ts';

/** What the running service is asked: one line of JSON, answered with one document. */
const questionSchema = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('status') }),
  z.strictObject({
    ask: z.literal('events'),
    limit: z.int().min(1).max(1000).default(100),
    number: z.int().min(0).optional(),
  }),
]);
export type CaptureQuestion = z.infer<typeof questionSchema>;

const longestQuestion = 4096;
const patience = 10_000;

/** Answers status questions on a socket of root's beside the hook's. */
export async function openCaptureControl(
  path: string,
  answer: (question: CaptureQuestion) => unknown,
): Promise<Server> {
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    let text = '';
    socket.setTimeout(patience, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > longestQuestion) socket.destroy();
      if (!text.includes('\n')) return;
      socket.removeAllListeners('data');
      socket.end(`${JSON.stringify(respond(text, answer))}\n`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return server;
}

function respond(text: string, answer: (question: CaptureQuestion) => unknown): unknown {
  try {
    return { answer: answer(questionSchema.parse(JSON.parse(text))) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** Asks the service that runs on this machine. Throws `AppError` `unavailable` where none does. */
export async function askCapture(path: string, question: z.input<typeof questionSchema>): Promise<unknown> {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(path, () => socket.write(`${JSON.stringify(question)}\n`));
    let received = '';
    socket.setEncoding('utf8');
    socket.setTimeout(patience, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('end', () => resolve(received));
    socket.on('error', (cause) =>
      reject(
        new AppError('unavailable', `The capture service does not answer on ${path}: ${cause.message}`, {
          fix: 'Start it: systemctl start carillon-capture, or carillon capture.',
          cause,
        }),
      ),
    );
  });
  const parsed = z
    .union([z.strictObject({ answer: z.unknown() }), z.strictObject({ error: z.string() })])
    .parse(JSON.parse(text));
  if ('error' in parsed) throw new AppError('invalid_input', parsed.error);
  return parsed.answer;
}
