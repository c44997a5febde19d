/**
 * A sample extension: accounts in one JSON file, each with a scrypt hash of its password.
 * Start it as `node account-book.ts`; its one parameter is `file`. docs/extensions.md describes the protocol.
 */
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

interface Account {
  type: string;
  attributes: Record<string, string[]>;
  /** Grows with every change of any account: what a delta import goes by. */
  version: number;
  salt?: string;
  hash?: string;
  mustChange?: boolean;
  locked?: boolean;
  deleted?: boolean;
}
interface Book {
  version: number;
  accounts: Record<string, Account>;
}
interface Request {
  id: number;
  op: string;
  parameters?: Record<string, string>;
  object?: { anchor: string; type: string };
  options?: { unlock?: boolean };
  mode?: 'full' | 'delta';
  watermark?: string;
  anchor?: string;
  changes?: {
    change: 'add' | 'update' | 'delete';
    object: { anchor: string; type?: string; attributes?: Account['attributes'] };
  }[];
  secrets?: string[];
}

/** An answer that is no success, in the words of the protocol. */
class Refusal extends Error {
  readonly word: string;

  constructor(word: string, message: string) {
    super(message);
    this.word = word;
  }
}

let file = '';

function readBook(): Book {
  if (!existsSync(file)) throw new Refusal('server-down', `There is no file ${file}`);
  return JSON.parse(readFileSync(file, 'utf8')) as Book;
}

function writeBook(book: Book): void {
  writeFileSync(`${file}.new`, JSON.stringify(book, undefined, 1), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function find(book: Book, anchor: string): Account {
  const account = book.accounts[anchor];
  if (account === undefined || account.deleted)
    throw new Refusal('object-not-found', `There is no account ${anchor}`);
  if (account.type !== 'person')
    throw new Refusal('object-type-unsupported', `${anchor} is a ${account.type}`);
  return account;
}

function isRight({ salt, hash }: Account, password: Buffer): boolean {
  if (salt === undefined || hash === undefined) return false;
  return timingSafeEqual(scryptSync(password, Buffer.from(salt, 'hex'), 32), Buffer.from(hash, 'hex'));
}

function write(anchor: string, password: Buffer, change: (account: Account) => void): void {
  if (password.includes(0)) throw new Refusal('password-ill-formed', 'The password holds a NUL');
  if (password.length < 8) throw new Refusal('policy-violation', 'The password has less than 8 bytes');
  const book = readBook();
  const account = find(book, anchor);
  change(account);
  const salt = randomBytes(16);
  account.salt = salt.toString('hex');
  account.hash = scryptSync(password, salt, 32).toString('hex');
  account.mustChange = false;
  writeBook(book);
}

function touch(book: Book, account: Account): void {
  book.version += 1;
  account.version = book.version;
}

const operations: Record<
  string,
  (request: Request, secrets: Buffer[], say: (line: object) => void) => object
> = {
  open: ({ parameters }) => {
    file = parameters?.['file'] ?? '';
    if (file === '') throw new Refusal('extension-error', 'The parameter "file" is missing');
    const features = [
      'set',
      'change',
      'requireChange',
      'unlock',
      'verify',
      'schema',
      'import',
      'delta',
      'fetch',
      'export',
    ];
    return { version: 1, features };
  },
  // The file lies on this machine: nothing travels.
  security: () => ({ level: 'secure' }),
  set: ({ object, options }, [password = Buffer.alloc(0)]) => {
    write(object?.anchor ?? '', password, (account) => {
      if (account.locked && !options?.unlock) throw new Refusal('object-locked', 'The account is locked');
      account.locked = false;
    });
    return {};
  },
  change: ({ object }, [old = Buffer.alloc(0), password = Buffer.alloc(0)]) => {
    write(object?.anchor ?? '', password, (account) => {
      if (!isRight(account, old)) throw new Refusal('wrong-password', 'The old password is not right');
    });
    return {};
  },
  requireChange: ({ object }) => {
    const book = readBook();
    find(book, object?.anchor ?? '').mustChange = true;
    writeBook(book);
    return {};
  },
  verify: ({ object }, [password = Buffer.alloc(0)]) => ({
    verdict: isRight(find(readBook(), object?.anchor ?? ''), password) ? 'verified' : 'rejected',
  }),
  schema: () => ({
    types: [
      {
        name: 'person',
        attributes: [
          { name: 'id', anchor: true, required: true },
          { name: 'employeeID' },
          { name: 'displayName' },
          { name: 'mail', multivalued: true },
        ],
      },
    ],
  }),
  import: ({ mode, watermark }, _, say) => {
    const book = readBook();
    const since = mode === 'delta' ? Number(watermark) : 0;
    for (const [anchor, { type, attributes, version, deleted }] of Object.entries(book.accounts)) {
      if (version <= since) continue;
      if (!deleted) say({ object: { anchor, type, attributes } });
      else if (mode === 'delta') say({ deleted: { anchor } });
    }
    return { watermark: String(book.version) };
  },
  fetch: ({ anchor = '' }) => {
    const { type, attributes } = find(readBook(), anchor);
    return { object: { anchor, type, attributes } };
  },
  export: ({ changes = [] }, _, say) => {
    const book = readBook();
    for (const { change, object } of changes) {
      const { anchor, type = 'person', attributes = {} } = object;
      const known = book.accounts[anchor];
      const exists = known !== undefined && !known.deleted;
      if ((change === 'add') === exists) {
        say({ result: { anchor, ok: false, error: exists ? 'cd-existing-object' : 'cd-missing-object' } });
        continue;
      }
      const account = {
        ...known,
        type,
        attributes: { ...known?.attributes, ...attributes },
        version: 0,
        deleted: change === 'delete',
      };
      touch(book, account);
      book.accounts[anchor] = account;
      say({ result: { anchor, ok: true } });
    }
    writeBook(book);
    return {};
  },
  close: () => ({}),
};

/** Lines of standard input as bytes: a password never becomes a string. */
async function* readLines(): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    chunk.fill(0);
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      yield rest.subarray(0, end);
      rest = Buffer.from(rest.subarray(end + 1));
    }
  }
}

const lines = readLines();
for (let next = await lines.next(); !next.done; next = await lines.next()) {
  const request = JSON.parse(next.value.toString()) as Request;
  const secrets: Buffer[] = [];
  for (let count = request.secrets?.length ?? 0; count > 0; count -= 1) {
    const line = await lines.next();
    secrets.push(Buffer.from(line.value?.toString('latin1') ?? '', 'base64'));
    line.value?.fill(0);
  }
  const say = (line: object): void =>
    void process.stdout.write(`${JSON.stringify({ id: request.id, ...line })}\n`);
  try {
    const operation = operations[request.op];
    if (operation === undefined) throw new Refusal('not-implemented', `"${request.op}" is unknown here`);
    say({ ok: true, ...operation(request, secrets, say) });
  } catch (error) {
    const word = error instanceof Refusal ? error.word : 'extension-error';
    say({ ok: false, error: word, message: error instanceof Error ? error.message : 'Something went wrong' });
  } finally {
    for (const secret of secrets) secret.fill(0);
  }
  if (request.op === 'close') break;
}
process.exit(0);
