import { expect, test } from 'vitest';

import { AttributeNames } from '#directory/attribute-names.ts';
import { dirSyncState } from '#directory/controls/dir-sync.ts';
import { nextPage } from '#directory/controls/paged-results.ts';
import { passwordPolicyError } from '#directory/controls/password-policy.ts';
import { syncDoneOf, syncInfoOf, syncStateOf } from '#directory/controls/sync.ts';
import { EntryCursor } from '#directory/entry-cursor.ts';
import { explainFailure } from '#directory/explain-failure.ts';
import { InputBuffer } from '#directory/input-buffer.ts';
import { LdapError } from '#directory/ldap-error.ts';
import { LinkError } from '#directory/link-error.ts';
import { type Answer, readMessage } from '#directory/message-reader.ts';
import { textsOf } from '#directory/search-entry.ts';
import { entry, intermediate, reference, result } from '#test/scripted-directory.ts';

const mutations = 100_000;

/** Numbers from a seed, so that a failure can be repeated (mulberry32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const oids = [
  '1.2.840.113556.1.4.319',
  '1.2.840.113556.1.4.841',
  '1.3.6.1.4.1.42.2.27.8.5.1',
  '1.3.6.1.4.1.4203.1.9.1.2',
  '1.3.6.1.4.1.4203.1.9.1.3',
];
const controlValues = [
  Uint8Array.of(0x30, 0x08, 2, 1, 0, 4, 3, 1, 2, 3),
  Uint8Array.of(0x30, 0x0b, 2, 1, 1, 2, 1, 0, 4, 3, 1, 2, 3),
  Uint8Array.of(0x30, 0x03, 0x81, 1, 8),
  Uint8Array.of(0x30, 0x15, 10, 1, 1, 4, 16, ...new Uint8Array(16)),
  Uint8Array.of(0x30, 0x05, 4, 3, 1, 2, 3),
];
const controls = oids.map((oid, index) => ({ oid, value: controlValues[index] ?? new Uint8Array(0) }));
const seeds = [
  result(
    1,
    0x61,
    49,
    '80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 52e, v1db1',
  ),
  result(2, 0x67, 19, '0000052D: Constraint violation', () => undefined, controls),
  result(3, 0x78, 0, '', (to) => to.bytes(new Uint8Array(9), 0x8b)),
  result(4, 0x65, 10, 'elsewhere', (to) => {
    const list = to.start(0xa3);
    to.text('ldap://other.lab/dc=lab');
    to.end(list);
  }),
  entry(5, 'cn=Ελένη,dc=lab', {
    cn: ['Ελένη'],
    objectGUID: [new Uint8Array(16).fill(0xfe)],
    member: ['a', 'b', 'c'],
  }),
  reference(6, ['ldap://other.lab/dc=lab', 'ldap://third.lab']),
  intermediate(
    7,
    '1.3.6.1.4.1.4203.1.9.1.4',
    Uint8Array.of(0xa3, 0x17, 1, 1, 0xff, 0x31, 18, 4, 16, ...new Uint8Array(16)),
  ),
].map((bytes) => Uint8Array.from(bytes));

/** Flips, cuts, doubles, or overwrites with what BER finds interesting. */
function mutate(seed: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = Uint8Array.from(seed);
  for (let count = random(4) + 1; count > 0; count -= 1) {
    const at = random(bytes.length || 1);
    switch (random(6)) {
      case 0:
        bytes[at] = random(256);
        break;
      case 1:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
        break;
      case 2:
        bytes[at] = [0x00, 0x7f, 0x80, 0x81, 0x84, 0x85, 0xff, 0x30][random(8)] ?? 0;
        break;
      case 3:
        bytes = bytes.slice(0, at);
        break;
      case 4:
        bytes = Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(random(at + 1))]);
        break;
      default:
        bytes = Uint8Array.from([...bytes.slice(0, at), random(256), ...bytes.slice(at)]);
    }
  }
  return bytes;
}

const cursor = new EntryCursor();

/** Everything that anybody does with an answer. */
function digest(answer: Answer): void {
  if (answer.kind === 'result') {
    const { controls: sent } = answer.result;
    explainFailure(new LdapError('modify', answer.result), 'request');
    explainFailure(new LdapError('bind', answer.result), 'sign-in');
    passwordPolicyError(sent);
    nextPage(sent);
    dirSyncState(sent);
    syncDoneOf(sent);
  } else if (answer.item.kind === 'entry') {
    syncStateOf(answer.item);
    for (const name of answer.item.attributes.keys()) textsOf(answer.item, name);
  } else if (answer.item.kind === 'encoded') {
    cursor.open(answer.item.body);
    while (cursor.nextAttribute()) while (cursor.nextValue());
  } else if (answer.item.kind === 'intermediate') syncInfoOf(answer.item);
}

test('every seed is a message', () => {
  for (const seed of seeds) expect(() => digest(readMessage(seed, new AttributeNames()))).not.toThrow();
});

test(`${mutations.toLocaleString('en')} spoiled answers end in a message or in a link error, in bounded memory`, () => {
  const random = createRandom(4511);
  const before = process.memoryUsage().rss;
  let read = 0;
  let refused = 0;
  for (let round = 0; round < mutations; round += 1) {
    const bytes = mutate(seeds[round % seeds.length] ?? new Uint8Array(0), random);
    const input = new InputBuffer();
    try {
      for (const message of input.push(bytes)) {
        // Every other entry as a search of many asks for it.
        digest(readMessage(message, new AttributeNames(), () => round % 2 === 0));
        read += 1;
      }
    } catch (error) {
      if (!(error instanceof LinkError))
        throw new Error(Buffer.from(bytes).toString('hex'), { cause: error });
      refused += 1;
    }
  }
  expect(read).toBeGreaterThan(1000);
  expect(refused).toBeGreaterThan(1000);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
}, 180_000);

test('a message of nothing but empty values has an end', () => {
  const values = new Uint8Array(8_000_000);
  for (let at = 0; at < values.length; at += 2) values[at] = 0x04;
  const bytes = entry(1, 'cn=x', {});
  const header = (tag: number, length: number) => {
    const head = Buffer.from([tag, 0x84, 0, 0, 0, 0]);
    head.writeUInt32BE(length, 2);
    return head;
  };
  const set = Buffer.concat([header(0x31, values.length), values]);
  const attribute = Buffer.concat([header(0x30, set.length + 3), Buffer.from([4, 1, 0x61]), set]);
  const list = Buffer.concat([header(0x30, attribute.length), attribute]);
  const operation = Buffer.concat([header(0x64, list.length + 2), Buffer.from([4, 0]), list]);
  const whole = Buffer.concat([header(0x30, operation.length + 3), Buffer.from([2, 1, 1]), operation]);
  expect(bytes.length).toBeGreaterThan(0);
  expect(() => readMessage(whole, new AttributeNames())).toThrow(/more than 2000000 values/);
  expect(() => digest(readMessage(whole, new AttributeNames(), () => true))).toThrow(
    /more than 2000000 values/,
  );
});
