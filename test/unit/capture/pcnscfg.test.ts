import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { FilePcnsStore } from '#capture/file-pcns-store.ts';
import type { PcnsLocation } from '#capture/pcns-session.ts';
import { createPcnscfgVerbs } from '#capture/pcnscfg-verbs.ts';
import type { SpnDiagnosis } from '#channel/spn-diagnosis.ts';
import { AppError } from '#shared/model/app-error.ts';
import { SecretBytes } from '#shared/secret/secret-bytes.ts';

const groups = new Map([
  ['domain users', 'S-1-5-21-1-2-3-513'],
  ['domain admins', 'S-1-5-21-1-2-3-512'],
]);

let folder: string;
let output: string[];
let warnings: string[];
let location: PcnsLocation | undefined;
let diagnosis: SpnDiagnosis;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-pcnscfg-'));
  output = [];
  warnings = [];
  diagnosis = { finding: undefined, accounts: ['svc-mim'], sisters: [], clockDifferenceMs: 0 };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const verbs = createPcnscfgVerbs(async (given) => {
  location = given;
  return {
    store: new FilePcnsStore(join(folder, 'pcns.json')),
    groups: {
      findGroup: async (name) => {
        const sid = groups.get(name.toLowerCase().replace(/^fabrikam\\/, ''));
        if (sid === undefined) throw new AppError('not_found', `No group "${name}"`);
        return { sid, name };
      },
      nameSids: async (sids) =>
        new Map(
          [...groups]
            .filter(([, sid]) => sids.includes(sid))
            .map(([name, sid]) => [sid, `FABRIKAM\\${name}`]),
        ),
    },
    diagnose: async () => diagnosis,
    extendSchema: async () => [],
    close: async () => undefined,
  };
});

async function run(line: readonly string[], json = false): Promise<void> {
  const [name = '', ...args] = line;
  const verb = verbs.find((each) => each.name === name);
  if (verb === undefined) throw new Error(`no verb ${name}`);
  await verb.run(args, {
    write: (text) => output.push(text),
    warn: (text) => warnings.push(text),
    readSecret: async () => SecretBytes.take(new TextEncoder().encode('typed')),
    json,
  });
}

const add = [
  'addtarget',
  '/N:MIM',
  '/A:mim.fabrikam.lab',
  '/S:PCNSCLNT/mim.fabrikam.lab',
  '/FI:FABRIKAM\\Domain Users',
];

async function stored() {
  return new FilePcnsStore(join(folder, 'pcns.json')).read();
}

test('addtarget takes what PCNS takes and fills in the defaults', async () => {
  await run(add);
  expect((await stored())?.targets).toMatchObject([
    {
      name: 'MIM',
      server: 'mim.fabrikam.lab',
      spn: 'PCNSCLNT/mim.fabrikam.lab',
      inclusionSid: 'S-1-5-21-1-2-3-513',
      userNameFormat: 3,
      keepAliveInterval: 0,
      disabled: false,
      queueWarningLevel: 0,
      queueWarningInterval: 30,
    },
  ]);
  expect((await stored())?.service).toEqual({
    maximumQueueLength: 0,
    maximumQueueAge: 259_200,
    maximumNotificationRetries: 0,
    retryInterval: 60,
  });
});

test('parameters are taken in any case, and in long form', async () => {
  await run([
    ...add,
    '/fe:Domain Admins',
    '/f:1',
    '--keep-alive',
    '600',
    '--queue-warning-level=20',
    '/wi:60',
    '/d:TRUE',
  ]);
  expect((await stored())?.targets).toMatchObject([
    {
      exclusionSid: 'S-1-5-21-1-2-3-512',
      userNameFormat: 1,
      keepAliveInterval: 600,
      queueWarningLevel: 20,
      queueWarningInterval: 60,
      disabled: true,
    },
  ]);
});

test('the port and the fingerprint of the key have a place', async () => {
  await run([
    ...add.filter((arg) => !arg.startsWith('/A')),
    '/A:mim.fabrikam.lab:7000',
    `/K:${'AB'.repeat(32)}`,
  ]);
  expect((await stored())?.targets).toMatchObject([
    { server: 'mim.fabrikam.lab:7000', fingerprint: `sha256/${Buffer.alloc(32, 0xab).toString('base64')}` },
  ]);
});

const refused: readonly [why: string, line: readonly string[], words: RegExp][] = [
  ['a parameter that does not exist', [...add, '/X:1'], /"\/X:1" is no parameter/],
  ['a parameter given twice', [...add, '/N:Other'], /\/N is given twice/],
  ['no inclusion group', add.slice(0, -1), /\/FI is missing/],
  ['a group that does not resolve', [...add.slice(0, -1), '/FI:Nobody'], /No group "Nobody"/],
  ['an exclusion group that does not resolve', [...add, '/FE:FABRIKAM\\Nobody'], /No group/],
  [
    'an SPN without a class',
    [...add.filter((arg) => !arg.startsWith('/S')), '/S:mim'],
    /\/S Has the form class\/host/,
  ],
  [
    'an address with a path',
    [...add.filter((arg) => !arg.startsWith('/A')), '/A:http://mim/'],
    /\/A Is not a host/,
  ],
  ['a user name format that does not exist', [...add, '/F:2'], /\/F /],
  ['a disabled that is neither', [...add, '/D:maybe'], /\/D /],
  ['a negative warning level', [...add, '/WL:-1'], /\/WL /],
  ['a warning interval of 0', [...add, '/WI:0'], /\/WI /],
  ['RetryInterval below 10', ['service', '/I:9'], /\/I .*10/],
  ['RetryInterval above 3600', ['service', '/I:3601'], /\/I .*3600/],
  ['MaximumNotificationRetries above 1000', ['service', '/R:1001'], /\/R .*1000/],
  ['MaximumQueueLength above 32 bits', ['service', '/L:4294967296'], /\/L /],
  ['MaximumQueueAge that is no number', ['service', '/A:3d'], /\/A /],
  ['a fingerprint that is none', [...add, '/K:sha256/abc'], /\/K /],
  ['a target that does not exist', ['modifytarget', '/N:MIM', '/F:1'], /No target "MIM"/],
  [
    'a password on the command line',
    ['list', '/Server:dc1', '/User:x', '/Password:geheim'],
    /takes \* alone/,
  ],
];
test.each(refused)('%s is refused and changes nothing', async (_, line, words) => {
  await expect(run(line)).rejects.toThrow(words);
  expect(await stored()).toBeUndefined();
});

test('service takes the ends of every range', async () => {
  await run(['service', '/L:4294967295', '/A:4294967295', '/R:1000', '/I:10']);
  await run(['service', '/L:0', '/A:0', '/R:0', '/I:3600']);
  expect((await stored())?.service).toEqual({
    maximumQueueLength: 0,
    maximumQueueAge: 0,
    maximumNotificationRetries: 0,
    retryInterval: 3600,
  });
});

test('service changes only what is named', async () => {
  await run(['service', '/I:120']);
  await run(['service', '/R:5']);
  expect((await stored())?.service).toMatchObject({ retryInterval: 120, maximumNotificationRetries: 5 });
});

test('names are unique without regard to case', async () => {
  await run(add);
  await expect(run(add.with(1, '/N:mim'))).rejects.toThrow('exists already');
});

test('there are at most 50 targets', async () => {
  for (let index = 0; index < 50; index += 1) await run(add.with(1, `/N:T${index}`));
  await expect(run(add)).rejects.toThrow('50 targets');
});

test('securetarget with an empty exclusion group removes it, with a warning', async () => {
  await run([...add, '/FE:Domain Admins']);
  await run(['securetarget', '/N:MIM', '/FE:']);
  expect((await stored())?.targets[0]?.exclusionSid).toBeUndefined();
  expect(warnings).toHaveLength(1);
});

test('disabletarget, enabletarget and deletetarget do what they say', async () => {
  await run(add);
  await run(['disabletarget', '/N:mim']);
  expect((await stored())?.targets[0]?.disabled).toBe(true);
  await run(['enabletarget', '/N:MIM']);
  expect((await stored())?.targets[0]?.disabled).toBe(false);
  await run(['deletetarget', '/N:MIM']);
  expect((await stored())?.targets).toEqual([]);
});

test('modifytarget keeps what is not named, the GUID too', async () => {
  await run(add);
  const before = (await stored())?.targets[0];
  await run(['modifytarget', '/N:MIM', '/I:15']);
  expect((await stored())?.targets[0]).toEqual({ ...before, keepAliveInterval: 15 });
});

test('list is laid out as PCNS does it', async () => {
  await run([...add, '/FE:Domain Admins', '/I:600', '/WL:100', '/WI:60']);
  const guid = (await stored())?.targets[0]?.guid.toUpperCase();
  await run(['list']);
  expect(output.at(-1)).toBe(
    [
      'Service Configuration',
      '  MaxQueueLength................: unlimited',
      '  MaxQueueAge...................: 259200 seconds',
      '  MaxNotificationRetries........: unlimited',
      '  RetryInterval.................: 60 seconds',
      '',
      'Targets',
      '  Target Name...................: MIM',
      `  Target GUID...................: ${guid}`,
      '  Server FQDN or Address........: mim.fabrikam.lab',
      '  Service Principal Name........: PCNSCLNT/mim.fabrikam.lab',
      '  Authentication Service........: Kerberos',
      '  Inclusion Group Name..........: FABRIKAM\\domain users',
      '  Exclusion Group Name..........: FABRIKAM\\domain admins',
      '  Keep Alive Interval...........: 600 seconds',
      '  User Name Format..............: 3',
      '  Queue Warning Level...........: 100',
      '  Queue Warning Interval........: 60 minutes',
      '  Disabled......................: False',
      '  Key Fingerprint...............:',
      '',
      'Total targets: 1',
    ].join('\n'),
  );
});

test('list as JSON is the configuration with the names of its groups', async () => {
  await run(add);
  await run(['list'], true);
  expect(JSON.parse(output.at(-1) ?? '')).toMatchObject({
    targets: [{ name: 'MIM' }],
    groups: { 'S-1-5-21-1-2-3-513': 'FABRIKAM\\domain users' },
  });
});

test('/Server, /User and /Password:* name another domain controller', async () => {
  await run(['list', '/Server:dc2.fabrikam.lab', '/User:FABRIKAM\\admin', '/Password:*']);
  expect(location).toMatchObject({
    kind: 'remote',
    server: 'dc2.fabrikam.lab',
    credentials: { user: 'FABRIKAM\\admin' },
  });
});

test('a configuration file that cannot hold is refused with its mistakes, and not written over', async () => {
  const path = join(folder, 'pcns.json');
  writeFileSync(path, '{"service": {"retryInterval": 5}}');
  await expect(run(add)).rejects.toThrow(/retryInterval/);
  expect(readFileSync(path, 'utf8')).toBe('{"service": {"retryInterval": 5}}');
});

test('a service account that has other services is warned about, and the target is added', async () => {
  diagnosis = { ...diagnosis, sisters: ['ENTSSO/mim.fabrikam.lab'] };
  await run(add);
  expect(warnings).toEqual([
    expect.stringMatching(/svc-mim has ENTSSO\/mim.fabrikam.lab too.*account of its own/),
  ]);
  expect((await stored())?.targets).toHaveLength(1);
});

test('a service principal name that the directory objects to is warned about with the fix', async () => {
  const finding = { code: 'spn-missing', message: 'No account has it', fix: 'setspn -S it' } as const;
  diagnosis = { ...diagnosis, finding, accounts: [] };
  await run(add);
  expect(warnings).toEqual(['No account has it. setspn -S it']);
  diagnosis = { ...diagnosis, finding: undefined };
  await run(['modifytarget', '/N:MIM', '/I:600']);
  expect(warnings).toHaveLength(1);
});
