import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

import { BerReader } from '#directory/ber-reader.ts';
import { berTag, contextTag } from '#directory/ber-tag.ts';
import { BerWriter } from '#directory/ber-writer.ts';
import { InputBuffer } from '#directory/input-buffer.ts';

/** One request as it came in. */
export interface SeenRequest {
  readonly id: number;
  readonly tag: number;
  /** The operation's contents and what follows it. */
  readonly body: BerReader;
  readonly bytes: Uint8Array;
}

/** What goes back: bytes as they are, or undefined for nothing. */
export type Answering = (request: SeenRequest, socket: Socket) => Uint8Array | undefined;

/** A server on a local socket that answers LDAP as a test wants it, also with what no server may send. */
export class ScriptedDirectory {
  readonly requests: SeenRequest[] = [];
  readonly sockets = new Set<Socket>();
  readonly #server: Server;
  answer: Answering;

  private constructor(answer: Answering) {
    this.answer = answer;
    this.#server = createServer((socket) => {
      this.sockets.add(socket);
      const input = new InputBuffer();
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('data', (chunk) => {
        for (const bytes of input.push(chunk)) {
          const request = readRequest(bytes.slice());
          this.requests.push(request);
          const reply = this.answer(request, socket);
          if (reply !== undefined && socket.writable) socket.write(reply);
        }
      });
    });
  }

  static async open(path: string, answer: Answering): Promise<ScriptedDirectory> {
    const directory = new ScriptedDirectory(answer);
    directory.#server.listen(path);
    await once(directory.#server, 'listening');
    return directory;
  }

  get url(): string {
    const address = this.#server.address() as AddressInfo | string;
    if (typeof address !== 'string') throw new Error('Not a local socket');
    return `ldapi://${encodeURIComponent(address)}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function readRequest(bytes: Uint8Array): SeenRequest {
  const message = new BerReader(bytes).enter(berTag.sequence);
  const id = message.integer(berTag.integer);
  const tag = message.peek();
  return { id, tag, body: message, bytes };
}

/** An answer with a result code; `more` adds to the operation. */
export function result(
  id: number,
  tag: number,
  code = 0,
  diagnostic = '',
  more: (to: BerWriter) => void = () => undefined,
  controls: readonly { readonly oid: string; readonly value?: Uint8Array }[] = [],
): Uint8Array {
  return message(
    id,
    (to) => {
      const operation = to.start(tag);
      to.integer(code, berTag.enumerated);
      to.text('');
      to.text(diagnostic);
      more(to);
      to.end(operation);
    },
    controls,
  );
}

/** One entry of a search. */
export function entry(
  id: number,
  dn: string,
  attributes: Readonly<Record<string, readonly (string | Uint8Array)[]>> = {},
): Uint8Array {
  return message(id, (to) => {
    const operation = to.start(berTag.searchEntry);
    to.text(dn);
    const list = to.start();
    for (const [name, values] of Object.entries(attributes)) {
      const attribute = to.start();
      to.text(name);
      const set = to.start(berTag.set);
      for (const value of values) typeof value === 'string' ? to.text(value) : to.bytes(value);
      to.end(set);
      to.end(attribute);
    }
    to.end(list);
    to.end(operation);
  });
}

/** A search continuation. */
export function reference(id: number, uris: readonly string[]): Uint8Array {
  return message(id, (to) => {
    const operation = to.start(berTag.searchReference);
    for (const uri of uris) to.text(uri);
    to.end(operation);
  });
}

/** An answer between answers. */
export function intermediate(id: number, oid: string, value: Uint8Array): Uint8Array {
  return message(id, (to) => {
    const operation = to.start(berTag.intermediateResponse);
    to.text(oid, contextTag(0));
    to.bytes(value, contextTag(1));
    to.end(operation);
  });
}

function message(
  id: number,
  write: (to: BerWriter) => void,
  controls: readonly { readonly oid: string; readonly value?: Uint8Array }[] = [],
): Uint8Array {
  const writer = new BerWriter();
  const whole = writer.start();
  writer.integer(id);
  write(writer);
  if (controls.length > 0) {
    const list = writer.start(berTag.controls);
    for (const { oid, value } of controls) {
      const control = writer.start();
      writer.text(oid);
      if (value !== undefined) writer.bytes(value);
      writer.end(control);
    }
    writer.end(list);
  }
  writer.end(whole);
  return writer.finish();
}
