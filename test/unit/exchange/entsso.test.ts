import { expect, test } from 'vitest';

import { formatPcnsListing } from '#capture/pcnscfg-listing.ts';
import { readEntssoFile, writeEntssoFile } from '#exchange/entsso/entsso-file.ts';
import { readPcnsListing } from '#exchange/pcns/read-pcns-listing.ts';
import { pcnsConfigurationSchema } from '#shared/model/pcns.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const application = '<Application name="SAP" sourceMA="SAPMA" create="false"/>';
const file = `<sso><SourceMA name="SAPMA" attribute="sapId"/><ENTSSOMA name="ENTSSOMA" adma="ADMA">${application}</ENTSSOMA></sso>`;

test('ENTSSO.xml is read with its defaults and written so that it reads the same', () => {
  const read = readEntssoFile(bytes(file), 'ENTSSO.xml');
  expect(read).toEqual({
    sources: [{ name: 'SAPMA', objectType: 'person', attribute: 'sapId' }],
    agents: [
      {
        name: 'ENTSSOMA',
        adma: 'ADMA',
        deleteAll: true,
        applications: [{ name: 'SAP', sourceMa: 'SAPMA', create: false, delete: true }],
      },
    ],
  });
  expect(readEntssoFile(bytes(writeEntssoFile(read)), 'again')).toEqual(read);
});

test.each([
  ['another root', '<SSO/>', 'the root is SSO'],
  ['no agent', '<sso/>', 'there is no ENTSSOMA'],
  ['an agent without an application', '<sso><ENTSSOMA name="a" adma="b"/></sso>', 'a has no Application'],
  ['no Active Directory agent', `<sso><ENTSSOMA name="a">${application}</ENTSSOMA></sso>`, 'lacks "adma"'],
  [
    'a source that nobody uses',
    file.replace('sourceMA="SAPMA"', 'sourceMA="x"'),
    'uses the SourceMA "SAPMA"',
  ],
  ['a word that is no truth', file.replace('create="false"', 'create="maybe"'), 'neither true nor false'],
  ['an element that is unknown', file.replace('<SourceMA', '<Other/><SourceMA'), 'Other is unknown'],
])('ENTSSO.xml with %s is refused', (_, text, reason) => {
  expect(() => readEntssoFile(bytes(text), 'ENTSSO.xml')).toThrow(reason);
});

test('what pcnscfg list prints is read again', () => {
  const configuration = pcnsConfigurationSchema.parse({
    service: { maximumQueueLength: 100, retryInterval: 90 },
    targets: [
      {
        guid: '0c3357f1-fad7-4e1e-88e2-a9cfcfe67491',
        name: 'Sync',
        server: 'sync1.fabrikam.lab',
        spn: 'PCNSCLNT/sync1.fabrikam.lab',
        inclusionSid: 'S-1-5-21-1-2-3-513',
        keepAliveInterval: 15,
        disabled: true,
      },
    ],
  });
  const text = formatPcnsListing(configuration, new Map([['S-1-5-21-1-2-3-513', 'FABRIKAM\\Domain Users']]));
  const { service, targets } = readPcnsListing(text);
  expect(service).toEqual(configuration.service);
  expect(targets).toEqual([
    expect.objectContaining({
      name: 'Sync',
      guid: '0c3357f1-fad7-4e1e-88e2-a9cfcfe67491',
      spn: 'PCNSCLNT/sync1.fabrikam.lab',
      inclusionGroup: 'FABRIKAM\\Domain Users',
      exclusionGroup: '',
      keepAliveInterval: 15,
      disabled: true,
    }),
  ]);
  expect(() => readPcnsListing(`A${' '.repeat(900_000)}`, 'blanks.txt')).toThrow('blanks.txt is no listing');
  expect(() => readPcnsListing('hello')).toThrow('no listing of pcnscfg');
  expect(() => readPcnsListing('RetryInterval....: soon')).toThrow('"soon" is no value');
});
