import { expect, test } from 'vitest';

import { readAdapterXml, readSsoXml } from '#exchange/entsso/read-sso-xml.ts';
import { ssoAdapterSchema } from '#shared/model/sso-adapter.ts';
import { ssoApplicationSchema } from '#shared/model/sso-application.ts';
import { writeSsoXml } from '#shared/text/write-sso-xml.ts';
import { noteRaised } from '#test/raised-events.ts';

const read = (inner: string) => readSsoXml(`<?xml version="1.0"?>\n<SSO>\n${inner}\n</SSO>`, 'file.xml');

test('an application is read with its accounts, fields and flags', () => {
  const { definitions } = read(`<application name="SAP">
    <description>An &amp; B</description>
    <contact>someone@fabrikam.com</contact>
    <appUserAccount>FABRIKAM\\Sales;FABRIKAM\\Clerks</appUserAccount>
    <appAdminAccount>FABRIKAM\\Admins</appAdminAccount>
    <field ordinal="1" label="Password" masked="yes"/>
    <field ordinal="0" label="User Id" masked="no"/>
    <flags groupApp="yes" windowsInitiatedSSO="ON" appTicketTimeout="5" enableApp="yes"/>
  </application>`);
  expect(definitions).toEqual([
    {
      name: 'SAP',
      line: 3,
      values: {
        description: 'An & B',
        contact: 'someone@fabrikam.com',
        users: ['FABRIKAM\\Sales', 'FABRIKAM\\Clerks'],
        administrators: ['FABRIKAM\\Admins'],
        allowWindowsInitiatedSso: true,
        ticketTimeout: 5,
        enabled: true,
        type: 'group',
        fields: [
          { label: 'User Id', masked: false },
          { label: 'Password', masked: true },
        ],
      },
    },
  ]);
});

test('names count in any case, and by what the first versions called them', () => {
  const { definitions } = read(`<Application NAME="SAP">
    <appuserAccount>FABRIKAM\\Sales</appuserAccount>
    <Field Ordinal="0" Label="User Id" Masked="no"/>
    <Flags GroupApp="no" configstoreapp="no" allowLocalGroups="yes" ticketTimeout="no" adminGroupSame="no"/>
  </Application>`);
  expect(definitions).toEqual([
    {
      name: 'SAP',
      line: 3,
      values: {
        users: ['FABRIKAM\\Sales'],
        allowLocalAccounts: true,
        timeoutTickets: false,
        administratorsSameAsAffiliate: false,
        fields: [{ label: 'User Id', masked: false }],
      },
    },
  ]);
});

test('flags may stand in several elements', () => {
  const { definitions } = read(
    '<application name="x"><flags enableApp="no"/><flags groupApp="yes"/></application>',
  );
  expect(definitions[0]?.values).toEqual({ enabled: false, type: 'group' });
});

test('settings of the system are read in both spellings of their element', () => {
  for (const name of ['globalInfo', 'globalnfo'])
    expect(
      read(
        `<${name}><ssoAdminAccount>F\\A</ssoAdminAccount><auditDeletedApps>5</auditDeletedApps><auditDeletedMappings>6</auditDeletedMappings><ticketTimeout>3</ticketTimeout></${name}>`,
      ).system,
    ).toEqual({
      administrators: ['F\\A'],
      audits: { deletedApplications: 5, deletedMappings: 6 },
      ticketTimeout: 3,
    });
});

test('mappings are read', () => {
  const mapping =
    '<mapping><windowsDomain>FABRIKAM</windowsDomain><windowsUserId>jdoe</windowsUserId><externalApplication>SAP</externalApplication><externalUserId>jd01</externalUserId></mapping>';
  expect(read(mapping).mappings).toEqual([
    { windowsAccount: 'FABRIKAM\\jdoe', application: 'SAP', externalUser: 'jd01' },
  ]);
});

test('an adapter is read with its flags', () => {
  const { definitions } = readAdapterXml(
    '<sso><application name="One"><computer>a.b</computer><flags syncToAdapter="yes" sendOldPassword="no" groupAdapter="yes"/></application></sso>',
    'file.xml',
  );
  expect(definitions[0]?.values).toEqual({
    computer: 'a.b',
    sendChanges: true,
    sendOldPassword: false,
    kind: 'group-adapter',
  });
});

test.each([
  ['a document type', '<!DOCTYPE sso [<!ENTITY x "y">]><sso/>', 'document type'],
  ['an entity of its own', '<sso><mapping>&xxe;</mapping></sso>', 'not well-formed'],
  ['an element that nobody knows', '<sso><applicaton name="x"/></sso>', '<applicaton> is not known'],
  [
    'a flag that nobody knows',
    '<sso><application name="x"><flags enabled="yes"/></application></sso>',
    'enabled is not known',
  ],
  [
    'a flag that is neither',
    '<sso><application name="x"><flags enableApp="perhaps"/></application></sso>',
    'neither yes nor no',
  ],
  [
    'a number that is none',
    '<sso><globalInfo><ticketTimeout>two</ticketTimeout></globalInfo></sso>',
    'not a whole number',
  ],
  [
    'an element twice',
    '<sso><globalInfo><secretServer>a</secretServer><secretServer>b</secretServer></globalInfo></sso>',
    'stands twice',
  ],
  [
    'an element twice in two cases',
    '<sso><application name="x"><appUserAccount>a</appUserAccount><appuserAccount>b</appuserAccount></application></sso>',
    'stands twice',
  ],
  [
    'a flag under both of its names',
    '<sso><application name="x"><flags timeoutTickets="no" ticketTimeout="yes"/></application></sso>',
    'stands twice',
  ],
  [
    'a type twice',
    '<sso><application name="x"><flags groupApp="no"/><flags groupApp="yes"/></application></sso>',
    'stands twice',
  ],
  [
    'a part of a mapping twice',
    '<sso><mapping><windowsDomain>F</windowsDomain><windowsUserId>u</windowsUserId><windowsUserId>v</windowsUserId></mapping></sso>',
    'stands twice',
  ],
  [
    'a mapping without its user',
    '<sso><mapping><windowsDomain>F</windowsDomain></mapping></sso>',
    'no <windowsUserId>',
  ],
  [
    'a domain name too long',
    '<sso><mapping><windowsDomain>ABCDEFGHIJKLMNOP</windowsDomain><windowsUserId>u</windowsUserId></mapping></sso>',
    'longer than 15',
  ],
  ['an application without a name', '<sso><application/></sso>', 'has no name'],
  [
    'ordinals with a gap',
    '<sso><application name="x"><field ordinal="1" label="a"/></application></sso>',
    'ordinals',
  ],
  ['another root', '<html/>', 'not <sso>'],
  ['no end', '<sso><application name="x">', 'not well-formed'],
  ['nothing', '', 'not well-formed|no element'],
  ['too deep', '<sso>'.repeat(40) + '</sso>'.repeat(40), 'deeper'],
])('refused with its line: %s', (_, text, why) => {
  noteRaised(10854);
  expect(() => readSsoXml(text, 'file.xml')).toThrow(
    new RegExp(`^file\\.xml:\\d+: .*(?:${why}).*\\(event 10854\\)`),
  );
});

test('words of prototypes are not known either', () => {
  expect(() => read('<globalInfo><constructor>1</constructor></globalInfo>')).toThrow('not known');
});

test('a file that is too large is refused before it is read', () => {
  expect(() => readSsoXml(`<sso>${' '.repeat(17 * 1024 * 1024)}</sso>`, 'file.xml')).toThrow('longer than');
});

test('what is written of applications and adapters is read as the same', () => {
  const application = ssoApplicationSchema.parse({
    name: 'SAP',
    type: 'group',
    description: 'Ledger & "books" <old>',
    administrators: ['FABRIKAM\\App Admins'],
    users: ['FABRIKAM\\Sales', 'FABRIKAM\\Clerks'],
    fields: [{ label: 'User Id' }, { label: 'Password', masked: true, synchronized: true }],
    allowTickets: true,
    ticketTimeout: 9,
  });
  const [read] = readSsoXml(writeSsoXml({ applications: [application] }), 'apps.xml').definitions;
  expect(ssoApplicationSchema.parse({ ...read?.values, name: read?.name })).toEqual(application);
  const adapter = ssoAdapterSchema.parse({
    name: 'Directory',
    kind: 'group-adapter',
    computer: 'intsvr1.fabrikam.com',
    users: ['FABRIKAM\\Adapters'],
    maxPending: 4,
    storeNotifications: true,
  });
  const [other] = readAdapterXml(writeSsoXml({ adapters: [adapter] }), 'adapters.xml').definitions;
  expect(ssoAdapterSchema.parse({ ...other?.values, name: other?.name })).toEqual(adapter);
});

test('a file with what changes alone changes nothing else', () => {
  const text = writeSsoXml({ applications: [{ name: 'SAP', contact: 'anna' }] });
  expect(readSsoXml(text, 'apps.xml').definitions).toMatchObject([
    { name: 'SAP', values: { contact: 'anna' } },
  ]);
  expect(Object.keys(readSsoXml(text, 'apps.xml').definitions[0]?.values ?? {})).toEqual(['contact']);
});
