import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { mapMimServer } from '#exchange/mim/map-mim-server.ts';
import { readMimServer } from '#exchange/mim/read-mim-server.ts';
import { writeMimServer } from '#exchange/mim/write-mim-server.ts';
import { readXml } from '#exchange/xml/read-xml.ts';
import { writeXml } from '#exchange/xml/write-xml.ts';
import { canonicalXml } from '#test/canonical-xml.ts';

const folder = join(import.meta.dirname, '../../fixtures/mim');
const files = new Map(
  readdirSync(folder).map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))] as const),
);
const bytes = (text: string) => new TextEncoder().encode(text);

test('an export of which nothing was changed comes back equal', () => {
  const server = readMimServer(files);
  const agents = mapMimServer(server).agents.flatMap(({ agent }) => agent ?? []);
  expect(agents).toHaveLength(2);
  for (const [name, text] of writeMimServer(server, agents))
    expect(canonicalXml(bytes(text))).toBe(canonicalXml(files.get(name) ?? bytes('')));
});

test('a real export comes over, and comes back equal where nothing was changed', () => {
  const sample = join(import.meta.dirname, '../../fixtures/mim-sample');
  const real = new Map(
    readdirSync(sample)
      .filter((name) => /\.xml$/i.test(name))
      .map((name) => [name, new Uint8Array(readFileSync(join(sample, name)))] as const),
  );
  const server = readMimServer(real);
  const mapped = mapMimServer(server);
  expect(mapped.agents.map(({ name, category, agent }) => [name, category, agent?.kind])).toEqual([
    ['HROrg', 'MSSQL', 'sql-server'],
    ['Active Directory LDS', 'ADAM', 'ldap'],
    ['FIM Service', 'FIM', 'extension'],
  ]);
  const directory = mapped.agents[1];
  expect(directory?.agent?.exportFlow).toContainEqual(
    expect.objectContaining({ connector: 'sn', person: 'lastName', initialOnly: false }),
  );
  expect(directory?.agent?.exportFlow).toContainEqual(
    expect.objectContaining({ connector: 'cn', person: 'accountName', initialOnly: true }),
  );
  expect(directory?.agent?.deprovision).toBe('delete');
  expect(directory?.notes).toContainEqual({
    setting: 'Export flow to unicodePwd',
    verdict: 'kept only',
    detail: 'a first password is no flow here',
  });
  expect(JSON.stringify(mapped)).not.toContain('Pa$$w0rd');
  const agents = mapped.agents.flatMap(({ agent }) => agent ?? []);
  for (const [name, text] of writeMimServer(server, agents))
    expect(canonicalXml(bytes(text))).toBe(canonicalXml(real.get(name) ?? bytes('')));
});

test('an agent becomes the kind that somebody chose', () => {
  const server = readMimServer(files);
  const { agents } = mapMimServer(server, { 'b7a9d0c2-5d3f-4a0e-9c11-2f7c53d1be02': 'ldap:openldap' });
  expect(agents[1]?.agent).toMatchObject({ kind: 'ldap', profile: 'openldap' });
});

test('password settings, source, targets, joins, projections, flows, filters and run profiles come over', () => {
  const { agents, passwordSync } = mapMimServer(readMimServer(files));
  const [source, target] = agents.map(({ agent }) => agent);
  expect(passwordSync).toEqual({ enabled: true, historySize: 30 });
  expect(source).toMatchObject({
    id: 'a3f1c2d4-0b1e-4c57-8a43-6a5b1f0f9c01',
    name: 'ADMA',
    kind: 'active-directory',
    description: 'Where passwords & people change',
    connection: { url: 'ldaps://fabrikam.lab:636', authentication: { user: 'FABRIKAM\\svc-mim' } },
    project: true,
    flow: [{ connector: 'employeeID', person: 'employeeID' }],
    exportFlow: [{ connector: 'title', person: 'title', allowNull: true }],
    filter: [{ conditions: [{ attribute: 'sAMAccountName', operator: 'starts-with', value: 'svc-' }] }],
    password: {
      enabled: false,
      retryCount: 10,
      retryInterval: 60,
      requireSecureConnection: true,
      unlock: true,
    },
    runProfiles: [{ name: 'FI', steps: [{ type: 'full-import-stage-only' }, { type: 'export' }] }],
    partitions: [
      {
        dn: 'DC=fabrikam,DC=lab',
        include: [],
        exclude: ['OU=Old,DC=fabrikam,DC=lab'],
        passwordSource: {
          enabled: true,
          domain: 'FABRIKAM',
          targets: ['b7a9d0c2-5d3f-4a0e-9c11-2f7c53d1be02'],
          maxChangesPerDay: 500,
        },
      },
    ],
  });
  expect(target).toMatchObject({
    kind: 'ldap',
    profile: 'sun',
    join: [{ mappings: [{ connector: 'employeeNumber', person: 'employeeID' }] }],
    password: { enabled: true, retryCount: 5, retryInterval: 30, requireSecureConnection: false },
  });
});

test('what has no counterpart is kept and named', () => {
  const notes = mapMimServer(readMimServer(files)).agents.flatMap((agent) => agent.notes);
  const kept = notes.filter(({ verdict }) => verdict === 'kept only').map(({ setting }) => setting);
  expect(kept.sort()).toEqual([
    'Connector filter 2 of user',
    'Import flow to displayName',
    'Join rule 2 of inetOrgPerson',
    'Run profile Odd',
    'Targets',
  ]);
});

test('a setting that was changed here, and nothing else, is changed in the file', () => {
  const server = readMimServer(files);
  const [source, target] = mapMimServer(server).agents.flatMap(({ agent }) => agent ?? []);
  if (source === undefined || target === undefined) throw new Error('Two agents');
  const changed = { ...target, password: { ...target.password, retryCount: 7, unlock: true } };
  const name = 'MA-{B7A9D0C2-5D3F-4A0E-9C11-2F7C53D1BE02}.xml';
  const text = writeMimServer(server, [source, changed]).get(name) ?? '';
  const expected = new TextDecoder()
    .decode(files.get(name))
    .replace('<maximum-retry-count>5<', '<maximum-retry-count>7<')
    .replace(
      '</allow-low-security></password-sync>',
      '</allow-low-security><unlock-account>1</unlock-account></password-sync>',
    );
  expect(canonicalXml(bytes(text))).toBe(canonicalXml(bytes(expected)));
});

test('targets, their source and its limit are written back, and targets that did not come over stay', () => {
  const server = readMimServer(files);
  const [source, target] = mapMimServer(server).agents.flatMap(({ agent }) => agent ?? []);
  const [partition] = source?.partitions ?? [];
  if (source === undefined || target === undefined || partition?.passwordSource === undefined)
    throw new Error('A source');
  const off = { ...partition.passwordSource, enabled: false, targets: [], maxChangesPerDay: 20 };
  const changed = { ...source, partitions: [{ ...partition, passwordSource: off }] } as typeof source;
  const name = 'MA-{A3F1C2D4-0B1E-4C57-8A43-6A5B1F0F9C01}.xml';
  const text = writeMimServer(server, [changed, target]).get(name) ?? '';
  const expected = new TextDecoder()
    .decode(files.get(name))
    .replace('source-enabled>1<', 'source-enabled>0<')
    .replace(/<password-sync-target-ma>\{B7[^<]*<\/password-sync-target-ma>/, '')
    .replace('<max-changes-allowed>500<', '<max-changes-allowed>20<');
  expect(canonicalXml(bytes(text))).toBe(canonicalXml(bytes(expected)));
  const back = {
    ...source,
    partitions: [{ ...partition, passwordSource: { ...off, targets: [target.id] } }],
  };
  expect(writeMimServer(server, [back as typeof source, target]).get(name)).toContain(
    `{${target.id.toUpperCase()}}`,
  );
});

test('an agent whose file names no connection is kept only', () => {
  const text = new TextDecoder()
    .decode(files.values().next().value)
    .replace(/<private-configuration>[\s\S]*<\/private-configuration>/, '<private-configuration/>');
  const [agent] = mapMimServer(readMimServer(new Map([['MA.xml', bytes(text)]]))).agents;
  expect(agent).toMatchObject({ agent: undefined, choices: [] });
  expect(agent?.notes).toEqual([expect.objectContaining({ verdict: 'kept only' })]);
});

test('what a file says without end is cut in the report', () => {
  const text = new TextDecoder()
    .decode(files.get('MA-{A3F1C2D4-0B1E-4C57-8A43-6A5B1F0F9C01}.xml'))
    .replaceAll('sAMAccountName', 'a'.repeat(100_000));
  const [agent] = mapMimServer(readMimServer(new Map([['MA.xml', bytes(text)]]))).agents;
  expect(
    Math.max(...(agent?.notes ?? []).map(({ setting, detail }) => (setting + detail).length)),
  ).toBeLessThan(1100);
});

test('text, comments and attributes survive a round trip', () => {
  const text = '<a x="1 &quot;&#xA;&lt;" y=\'2\'>t &amp; &lt;<!--c--><b/>é<![CDATA[<raw>]]></a>';
  const written = writeXml(readXml(bytes(text), 'a.xml'));
  expect(canonicalXml(bytes(written))).toBe(canonicalXml(bytes(text)));
});

const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from('<a>é</a>', 'utf16le')]);
test('UTF-16 with its mark is read', () => {
  expect(readXml(utf16, 'a.xml').children).toEqual(['é']);
});

const lol = '<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;">]><a>&m;</a>';
test.each([
  ['with a bomb of entities', lol, 'a document type is not taken'],
  [
    'with an external entity',
    '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>&x;</a>',
    'a document type is not taken',
  ],
  ['with an entity that nobody declared', '<a>&x;</a>', 'not well-formed'],
  ['that is cut off', '<saved-ma-configuration><ma-data>', 'not well-formed'],
  ['that is something else', '<html/>', 'no part of a server export'],
  [
    'of another version',
    '<saved-mv-configuration><mv-data><format-version>2</format-version></mv-data></saved-mv-configuration>',
    'format version "2"',
  ],
  [
    'without an id',
    '<saved-ma-configuration><ma-data><format-version>1</format-version></ma-data></saved-ma-configuration>',
    'names no agent',
  ],
  ['nested without end', '<a>'.repeat(100_000), 'deeper than 64'],
  ['that states another encoding', '<?xml version="1.0" encoding="utf-16"?><a/>', 'says that it is utf-16'],
  ['with an instruction', '<?xml-stylesheet href="x"?><a/>', 'a processing instruction is not taken'],
  ['that is empty', '', 'not well-formed'],
])('a file %s is refused with its reason', (_, text, reason) => {
  expect(() => readMimServer(new Map([['MV.xml', bytes(text)]]))).toThrow(reason);
});

test('bytes that are no text are refused with their encoding', () => {
  expect(() => readXml(new Uint8Array([0x3c, 0x61, 0x3e, 0xe9, 0x3c]), 'a.xml')).toThrow(
    'is not text in UTF-8',
  );
});
