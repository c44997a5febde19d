import { expect, test } from 'vitest';
import { z } from 'zod';

import { AppError } from '#shared/model/app-error.ts';
import type { Access } from '#shared/rpc/access.ts';
import { connect } from '#shared/rpc/connect.ts';
import { defineContract, type Handlers } from '#shared/rpc/contract.ts';
import { createPortPair } from '#shared/rpc/port-pair.ts';
import { secretInput } from '#shared/rpc/secret-input.ts';
import { serve } from '#shared/rpc/serve.ts';
import { Topics } from '#shared/rpc/topics.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

const contract = defineContract({
  methods: {
    'math.double': {
      access: 'browse',
      input: z.strictObject({ value: z.int().default(21) }),
      output: z.strictObject({ value: z.int() }),
    },
    'work.wait': { access: 'operate', input: z.strictObject({}), output: z.strictObject({}) },
    'work.fail': { access: 'browse', input: z.strictObject({ how: z.string() }), output: z.strictObject({}) },
    'vault.keep': {
      access: 'administer',
      input: z.strictObject({ secret: secretInput(64) }),
      output: z.strictObject({ length: z.int() }),
    },
  },
  topics: {
    'work.changed': { access: 'browse', payload: z.strictObject({ at: z.int() }) },
    'vault.changed': { access: 'administer', payload: z.strictObject({}) },
  },
});

interface Bench {
  readonly aborted: string[];
  readonly reported: unknown[];
  readonly kept: SecretBytes[];
}

function open(access: Access = 'administer') {
  const bench: Bench = { aborted: [], reported: [], kept: [] };
  const handlers: Handlers<typeof contract> = {
    'math.double': ({ value }) => ({ value: value * 2 }),
    'work.wait': (_, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          bench.aborted.push('work.wait');
          reject(new Error('stopped'));
        });
      }),
    'work.fail': ({ how }) => {
      if (how === 'known') throw new AppError('not_found', 'No agent "hr"', { fix: 'Name another.' });
      if (how === 'leak') return { password: 'geheim' } as never;
      throw new Error('the password is geheim');
    },
    'vault.keep': ({ secret }) => {
      bench.kept.push(secret);
      expect(new TextDecoder().decode(secret.bytes)).toBe('Grüße');
      return { length: secret.length };
    },
  };
  const topics = new Topics(contract);
  const [near, far] = createPortPair();
  serve({
    contract,
    handlers,
    topics,
    port: far,
    access,
    caller: 'test',
    report: (error) => bench.reported.push(error),
  });
  return { client: connect(contract, near), near, far, topics, bench };
}

const failure = (code: string) => expect.objectContaining({ code });

test('defaults of the input schema apply on the server', async () => {
  const { client } = open();
  await expect(client.call('math.double', {})).resolves.toEqual({ value: 42 });
});

test('a role below the needed one is refused, for methods and for topics', async () => {
  const { client } = open('browse');
  await expect(client.call('work.wait', {})).rejects.toEqual(failure('forbidden'));
  await expect(client.call('vault.keep', { secret: 'QQ==' })).rejects.toEqual(failure('forbidden'));
  await expect(client.subscribe('vault.changed', () => {})).rejects.toEqual(failure('forbidden'));
  await expect(client.call('math.double', { value: 1 })).resolves.toEqual({ value: 2 });
});

test.each(['toString', '__proto__', 'constructor', 'math.triple'])(
  'the name %s is no method',
  async (name) => {
    const { client } = open();
    await expect(client.call(name as 'work.wait', {})).rejects.toEqual(failure('unknown_method'));
    await expect(client.subscribe(name as 'work.changed', () => {})).rejects.toEqual(
      failure('unknown_method'),
    );
  },
);

test('bad input names the field and not the value', async () => {
  const { client } = open();
  const call = client.call('math.double', { value: 'geheim' as unknown as number });
  await expect(call).rejects.toEqual(failure('invalid_input'));
  await expect(call).rejects.toThrow(/value/);
  await expect(call).rejects.not.toThrow(/geheim/);
});

test('a known error keeps its code, message and fix; any other is internal and reported', async () => {
  const { client, bench } = open();
  await expect(client.call('work.fail', { how: 'known' })).rejects.toEqual(
    expect.objectContaining({ code: 'not_found', message: 'No agent "hr"', fix: 'Name another.' }),
  );
  expect(bench.reported).toEqual([]);
  const call = client.call('work.fail', { how: 'unknown' });
  await expect(call).rejects.toEqual(failure('internal'));
  await expect(call).rejects.not.toThrow(/geheim/);
  expect(bench.reported).toHaveLength(1);
});

test('an output with a field that the contract does not name stays inside', async () => {
  const { client, bench } = open();
  await expect(client.call('work.fail', { how: 'leak' })).rejects.toEqual(failure('internal'));
  expect(bench.reported).toHaveLength(1);
});

test('cancelling a call aborts its handler', async () => {
  const { client, bench } = open();
  const abort = new AbortController();
  const call = client.call('work.wait', {}, { signal: abort.signal });
  abort.abort();
  await expect(call).rejects.toEqual(failure('cancelled'));
  await expect.poll(() => bench.aborted).toEqual(['work.wait']);
  expect(bench.reported).toEqual([]);
});

test('a closed port aborts every call on the server and rejects every call of the client', async () => {
  const { client, near, bench } = open();
  const calls = [client.call('work.wait', {}), client.call('work.wait', {})];
  const settled = Promise.allSettled(calls);
  await client.call('math.double', {});
  near.close('cable pulled');
  expect((await settled).map((one) => one.status)).toEqual(['rejected', 'rejected']);
  expect(bench.aborted).toHaveLength(2);
  await expect(client.call('math.double', {})).rejects.toThrow(/cable pulled/);
});

test('subscribers get events until they unsubscribe', async () => {
  const { client, topics } = open();
  const seen: number[] = [];
  const end = await client.subscribe('work.changed', ({ at }) => seen.push(at));
  topics.emit('work.changed', { at: 1 });
  topics.emit('work.changed', { at: 2 });
  await client.call('math.double', {});
  end();
  await client.call('math.double', {});
  topics.emit('work.changed', { at: 3 });
  await client.call('math.double', {});
  expect(seen).toEqual([1, 2]);
});

test('a slow subscriber learns how many events it missed', async () => {
  const { client, topics, far } = open();
  const seen: [number, number][] = [];
  await client.subscribe('work.changed', ({ at }, missed) => seen.push([at, missed]));
  const port = far as { congested: boolean };
  port.congested = true;
  topics.emit('work.changed', { at: 1 });
  topics.emit('work.changed', { at: 2 });
  port.congested = false;
  topics.emit('work.changed', { at: 3 });
  await client.call('math.double', {});
  expect(seen).toEqual([[3, 2]]);
});

test.each([
  ['base64', Buffer.from('Grüße').toString('base64')],
  ['bytes', new Uint8Array(Buffer.from('Grüße'))],
])('a secret sent as %s arrives as bytes and is wiped when its call ends', async (_, secret) => {
  const { client, bench } = open();
  await expect(client.call('vault.keep', { secret })).resolves.toEqual({ length: 7 });
  expect(bench.kept.map((kept) => kept.wiped)).toEqual([true]);
});

test.each(['', 'A', 'AA=', '====', 'Zm9v!', 'A'.repeat(1000)])(
  '%j is refused as a secret',
  async (secret) => {
    const { client } = open();
    await expect(client.call('vault.keep', { secret })).rejects.toEqual(failure('invalid_input'));
  },
);

test('a number in use closes the connection', async () => {
  const { near, client, far } = open();
  void client.call('work.wait', {}).catch(() => {});
  near.send({ t: 'call', id: 1, method: 'work.wait', input: {} });
  await new Promise<string>((resolve) => far.closed(resolve)).then((reason) =>
    expect(reason).toMatch(/in use/),
  );
});
