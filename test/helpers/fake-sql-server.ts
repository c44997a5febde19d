import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** Packet types that clients send (MS-TDS 2.2.3.1.1). */
const packet = { batch: 0x01, call: 0x03, transaction: 0x0e, login: 0x10, preLogin: 0x12, answer: 0x04 };
const headerSize = 8;
const transactionId = Buffer.from('0100000000000000', 'hex');
/** Requests of the transaction manager (MS-TDS 2.2.6.9), with the change that answers each. */
const transactionRequests: Readonly<Record<number, { readonly name: string; readonly change: number }>> = {
  5: { name: 'begin', change: 8 },
  7: { name: 'commit', change: 9 },
  8: { name: 'rollback', change: 10 },
};

/** What the server does with a statement. */
export type SqlAnswer =
  | { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | null)[])[] }
  | { readonly affected: number }
  | { readonly error: number; readonly message: string }
  | 'hang'
  | 'close';

/** One statement: whether its text or a value of its parameters is in it. */
export type SqlSeen = (text: string) => boolean;

/** Speaks as much of SQL Server's protocol (MS-TDS 7.4) as its driver needs, without encryption. */
export class FakeSqlServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** `begin`, `commit` and `rollback` as they came. */
  readonly transactions: string[] = [];
  /** Set to refuse whoever signs in. */
  loginError: number | undefined;

  private constructor(answer: (seen: SqlSeen) => SqlAnswer) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      let waiting = Buffer.alloc(0);
      let message = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        waiting = Buffer.concat([waiting, chunk]);
        while (waiting.length >= headerSize && waiting.length >= waiting.readUInt16BE(2)) {
          const length = waiting.readUInt16BE(2);
          message = Buffer.concat([message, waiting.subarray(headerSize, length)]);
          const [type, status] = [waiting[0] ?? 0, waiting[1] ?? 0];
          waiting = waiting.subarray(length);
          if ((status & 1) === 0) continue;
          this.#serve(socket, type, message, answer);
          message = Buffer.alloc(0);
        }
      });
    });
  }

  static async open(answer: (seen: SqlSeen) => SqlAnswer): Promise<FakeSqlServer> {
    const fake = new FakeSqlServer(answer);
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The server does not listen');
    return address.port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket, type: number, message: Buffer, answer: (seen: SqlSeen) => SqlAnswer): void {
    if (type === packet.preLogin) send(socket, preLogin);
    else if (type === packet.login)
      send(socket, this.loginError === undefined ? login : failure(this.loginError, 'Login failed'));
    else if (type === packet.transaction) send(socket, this.#changeTransaction(message));
    // What the driver sets up for itself.
    else if (type === packet.batch) send(socket, done(0xfd));
    else if (type === packet.call) {
      const given = answer((text) => message.includes(Buffer.from(text, 'utf16le')));
      if (given === 'close') socket.destroy();
      else if (given !== 'hang') send(socket, resultOf(given));
    }
  }

  #changeTransaction(message: Buffer): Buffer {
    // Behind all headers (MS-TDS 2.2.6.9).
    const request = message.readUInt16LE(message.readUInt32LE(0));
    const { name, change } = transactionRequests[request] ?? { name: 'unknown', change: 0 };
    this.transactions.push(name);
    // The new value comes before the old one.
    const named = [transactionId.length, ...transactionId];
    const body = Buffer.from(name === 'begin' ? [change, ...named, 0] : [change, 0, ...named]);
    return Buffer.concat([token(0xe3, body), done(0xfd)]);
  }
}

function send(socket: Socket, payload: Buffer): void {
  const header = Buffer.from([packet.answer, 1, 0, 0, 0, 0, 1, 0]);
  header.writeUInt16BE(headerSize + payload.length, 2);
  socket.write(Buffer.concat([header, payload]));
}

function resultOf(answer: Exclude<SqlAnswer, string>): Buffer {
  if ('error' in answer) return failure(answer.error, answer.message);
  const end = [returnStatus, done(0xfe)];
  if ('affected' in answer) return Buffer.concat([done(0xff, answer.affected), ...end]);
  const { columns, rows } = answer;
  const types = columns.map((name) =>
    Buffer.concat([Buffer.from('00000000' + '0900' + 'e7' + '400f' + '0904d00034', 'hex'), shortText(name)]),
  );
  const described = Buffer.concat([Buffer.from([0x81]), uint16(columns.length), ...types]);
  const cells = rows.map((row) =>
    Buffer.concat([
      Buffer.from([0xd1]),
      ...row.map((cell) => (cell === null ? uint16(0xffff) : value(cell))),
    ]),
  );
  return Buffer.concat([described, ...cells, done(0xff, rows.length), ...end]);
}

function failure(number: number, message: string): Buffer {
  const start = Buffer.alloc(6);
  start.writeInt32LE(number, 0);
  // State and class of an error that the user can mend.
  start.set([1, 16], 4);
  const words = Buffer.concat([uint16(message.length), Buffer.from(message, 'utf16le')]);
  const body = Buffer.concat([start, words, shortText('fake'), shortText(''), Buffer.alloc(4)]);
  return Buffer.concat([token(0xaa, body), done(0xfd, undefined, 0x02)]);
}

/** DONE, DONEPROC and DONEINPROC. */
function done(kind: number, count?: number, flags = 0): Buffer {
  const body = Buffer.alloc(13);
  body[0] = kind;
  // More follows a result in a procedure; the count is told where there is one.
  const more = kind === 0xff ? 0x01 : 0;
  body.writeUInt16LE(flags | more | (count === undefined ? 0 : 0x10), 1);
  body.writeBigUInt64LE(BigInt(count ?? 0), 5);
  return body;
}

function token(kind: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([kind]), uint16(body.length), body]);
}

function uint16(number: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(number);
  return bytes;
}

function shortText(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'utf16le')]);
}

function value(text: string): Buffer {
  return Buffer.concat([uint16(text.length * 2), Buffer.from(text, 'utf16le')]);
}

const returnStatus = Buffer.from('7900000000', 'hex');
/** Version 16, no encryption. */
const preLogin = Buffer.from('00000b00060100110001ff' + '100000000000' + '02', 'hex');
const login = Buffer.concat([
  token(
    0xad,
    Buffer.concat([Buffer.from('0174000004', 'hex'), shortText('Fake'), Buffer.from('10000000', 'hex')]),
  ),
  done(0xfd),
]);
