import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { LdifParser } from '#agents/file/ldif-parser.ts';
import { readRecords } from '#test/read-records.ts';

/** What the documents of the format give as examples, and what they forbid. */
const folder = mkdtempSync(join(tmpdir(), 'carillon-corpora-'));
const photo = pathToFileURL(join(folder, 'photo.jpg')).href;

beforeAll(() => writeFileSync(join(folder, 'photo.jpg'), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)));
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;
const ldif = (text: string): string[] => readRecords(() => new LdifParser(folder), text);
const organizationalPerson = ['objectclass: top', 'objectclass: person', 'objectclass: organizationalPerson'];
const classes = 'objectclass=top|person|organizationalPerson';
const inDevelopment = 'ou=Product Development, dc=airius, dc=com';
const inAccounting = 'ou=Accounting, dc=airius, dc=com';

// RFC 2849, examples 1 to 7.
test.each<[string, string, string[]]>([
  [
    'example 1, two entries',
    lines(
      'version: 1',
      `dn: cn=Barbara Jensen, ${inDevelopment}`,
      ...organizationalPerson,
      'cn: Barbara Jensen',
      'cn: Barbara J Jensen',
      'cn: Babs Jensen',
      'sn: Jensen',
      'uid: bjensen',
      'telephonenumber: +1 408 555 1212',
      'description: A big sailing fan.',
      '',
      `dn: cn=Bjorn Jensen, ${inAccounting}`,
      ...organizationalPerson,
      'cn: Bjorn Jensen',
      'sn: Jensen',
      'telephonenumber: +1 408 555 1212',
    ),
    [
      `<cn=Barbara Jensen, ${inDevelopment}> ${classes} cn=Barbara Jensen|Barbara J Jensen|Babs Jensen sn=Jensen uid=bjensen telephonenumber=+1 408 555 1212 description=A big sailing fan.`,
      `<cn=Bjorn Jensen, ${inAccounting}> ${classes} cn=Bjorn Jensen sn=Jensen telephonenumber=+1 408 555 1212`,
    ],
  ],
  [
    'example 2, a folded value',
    lines(
      'version: 1',
      `dn:cn=Barbara Jensen, ${inDevelopment}`,
      'objectclass:top',
      'description:Babs is a big sailing fan, and travels extensively in sea',
      ' rch of perfect sailing conditions.',
      'title:Product Manager, Rod and Reel Division',
    ),
    [
      `<cn=Barbara Jensen, ${inDevelopment}> objectclass=top description=Babs is a big sailing fan, and travels extensively in search of perfect sailing conditions. title=Product Manager, Rod and Reel Division`,
    ],
  ],
  [
    'example 3, a value in base64',
    lines(
      'version: 1',
      'dn: cn=Gern Jensen, ou=Product Testing, dc=airius, dc=com',
      'uid: gernj',
      'description:: V2hhdCBhIGNhcmVmdWwgcmVhZGVyIHlvdSBhcmUhICBUaGlzIHZhbHVl',
      ' IGlzIGJhc2UtNjQtZW5jb2RlZCBiZWNhdXNlIGl0IGhhcyBhIGNvbnRyb2wgY2hhcmFjdGVyIG',
      ' luIGl0IChhIENSKS4NICBCeSB0aGUgd2F5LCB5b3Ugc2hvdWxkIHJlYWxseSBnZXQgb3V0IG1v',
      ' cmUu',
    ),
    [
      '<cn=Gern Jensen, ou=Product Testing, dc=airius, dc=com> uid=gernj description=What a careful reader you are!  This value is base-64-encoded because it has a control character in it (a CR).\r  By the way, you should really get out more.',
    ],
  ],
  [
    'example 4, UTF-8 names and values with language tags',
    lines(
      'version: 1',
      'dn:: b3U95Za25qWt6YOoLG89QWlyaXVz',
      '# dn:: ou=<JapaneseOU>,o=Airius',
      'objectclass: organizationalUnit',
      'ou:: 5Za25qWt6YOo',
      '# ou:: <JapaneseOU>',
      'ou;lang-ja:: 5Za25qWt6YOo',
      'ou;lang-ja;phonetic:: 44GI44GE44GO44KH44GG44G2',
      'ou;lang-en: Sales',
      'description: Japanese office',
      '',
      'dn:: dWlkPXJvZ2FzYXdhcmEsb3U95Za25qWt6YOoLG89QWlyaXVz',
      'userpassword: {SHA}O3HSv1MusyL4kTjP+HKI5uxuNoM=',
      'objectclass: inetOrgPerson',
      'uid: rogasawara',
      'givenname;lang-ja:: 44Ot44OJ44OL44O8',
      'sn;lang-ja:: 5bCP56yg5Y6f',
      'preferredlanguage: ja',
    ),
    [
      '<ou=営業部,o=Airius> objectclass=organizationalUnit ou=営業部|営業部|えいぎょうぶ|Sales description=Japanese office',
      '<uid=rogasawara,ou=営業部,o=Airius> userpassword={SHA}O3HSv1MusyL4kTjP+HKI5uxuNoM= objectclass=inetOrgPerson uid=rogasawara givenname=ロドニー sn=小笠原 preferredlanguage=ja',
    ],
  ],
  [
    'example 5, a value in a file',
    lines(
      'version: 1',
      `dn: cn=Horatio Jensen, ${inDevelopment}`,
      'cn: Horatio Jensen',
      `jpegphoto:< ${photo}`,
    ),
    [`<cn=Horatio Jensen, ${inDevelopment}> cn=Horatio Jensen jpegphoto=/9j/4A==`],
  ],
  [
    'example 6, changes of every kind',
    lines(
      'version: 1',
      '# Add a new entry',
      'dn: cn=Fiona Jensen, ou=Marketing, dc=airius, dc=com',
      'changetype: add',
      'sn: Jensen',
      `jpegphoto:< ${photo}`,
      '',
      '# Delete an existing entry',
      'dn: cn=Robert Jensen, ou=Marketing, dc=airius, dc=com',
      'changetype: delete',
      '',
      "# Modify an entry's relative distinguished name",
      `dn: cn=Paul Jensen, ${inDevelopment}`,
      'changetype: modrdn',
      'newrdn: cn=Paula Jensen',
      'deleteoldrdn: 1',
      '',
      '# Rename an entry and move all of its children to a new location',
      'dn: ou=PD Accountants, ou=Product Development, dc=airius, dc=com',
      'changetype: modrdn',
      'newrdn: ou=Product Development Accountants',
      'deleteoldrdn: 0',
      'newsuperior: ou=Accounting, dc=airius, dc=com',
      '',
      '# Modify an entry: add, delete all values, replace, delete one value',
      `dn: cn=Paula Jensen, ${inDevelopment}`,
      'changetype: modify',
      'add: postaladdress',
      'postaladdress: 123 Anystreet $ Sunnyvale, CA $ 94086',
      '-',
      'delete: description',
      '-',
      'replace: telephonenumber',
      'telephonenumber: +1 408 555 1234',
      'telephonenumber: +1 408 555 5678',
      '-',
      'delete: facsimiletelephonenumber',
      'facsimiletelephonenumber: +1 408 555 9876',
      '-',
      '',
      '# Modify an entry: replace with an empty set, then delete',
      'dn: cn=Ingrid Jensen, ou=Product Support, dc=airius, dc=com',
      'changetype: modify',
      'replace: postaladdress',
      '-',
      'delete: description',
      '-',
    ),
    [
      'add <cn=Fiona Jensen, ou=Marketing, dc=airius, dc=com> sn=Jensen jpegphoto=/9j/4A==',
      'delete <cn=Robert Jensen, ou=Marketing, dc=airius, dc=com>',
      `rename <cn=Paul Jensen, ${inDevelopment}>`,
      'rename <ou=PD Accountants, ou=Product Development, dc=airius, dc=com>',
      `modify <cn=Paula Jensen, ${inDevelopment}>`,
      'modify <cn=Ingrid Jensen, ou=Product Support, dc=airius, dc=com>',
    ],
  ],
  [
    'example 7, a change with a control',
    lines(
      'version: 1',
      '# Delete an entry. The operation will attach the LDAPv3',
      '# Tree Delete Control defined in [9]. The criticality',
      '# field is "true" and the controlValue field is',
      '# absent, as required by [9].',
      'dn: ou=Product Development, dc=airius, dc=com',
      'control: 1.2.840.113556.1.4.805 true',
      'changetype: delete',
    ),
    ['delete <ou=Product Development, dc=airius, dc=com>'],
  ],
])('RFC 2849, %s, is accepted', (_, text, records) => {
  expect(ldif(text)).toEqual(records);
  expect(ldif(text.replaceAll('\n', '\r\n'))).toEqual(records);
});

const entry = (...rest: readonly string[]): string => lines('version: 1', 'dn: cn=a,dc=lab', ...rest);

// RFC 2849, the grammar and its notes.
test.each<[string, string, string]>([
  ['note 1: a record of no attribute', entry(), '2:1 parse-error'],
  ['a name that is no base64', lines('dn:: cn=a', 'cn: a'), '1:5 invalid-base64-value'],
  ['a name from a file', lines(`dn:< ${photo}`, 'cn: a'), '1:4 parse-error'],
  ['a value that is no base64', entry('cn:: a b'), '3:5 invalid-base64-value'],
  ['base64 without its end', entry('cn:: YQ'), '3:5 invalid-base64-value'],
  ['a URL of another scheme', entry('cn:< ftp://example.com/a'), '3:5 invalid-attribute-value'],
  ['an attribute that begins with a digit', entry('1cn: a'), '3:1 parse-error'],
  ['an attribute with an underscore', entry('c_n: a'), '3:1 parse-error'],
  ['an option of nothing', entry('cn;: a'), '3:1 parse-error'],
  ['a line without a colon', entry('cn'), '3:1 parse-error'],
  ['a NUL', entry('cn: a\0b'), '3:6 parse-error'],
  ['an unknown change', entry('changetype: replace', 'cn: a'), '3:13 invalid-change-type'],
  ['a control that is no number', entry('control: tree true', 'changetype: delete'), '3:10 parse-error'],
  ['a rename without the old name', entry('changetype: modrdn', 'newrdn: cn=b'), '4:1 parse-error'],
  [
    'a rename that is half',
    entry('changetype: modrdn', 'newrdn: cn=b', 'deleteoldrdn: 2'),
    '5:15 parse-error',
  ],
  [
    'a modification without its dash',
    entry('changetype: modify', 'add: cn', 'cn: a', 'replace: sn', 'sn: b'),
    '6:1 parse-error',
  ],
  ['an operation that is none', entry('changetype: modify', 'swap: cn', '-'), '4:1 parse-error'],
])('RFC 2849 forbids %s, and the next record is read', (_, text, refusal) => {
  expect(ldif(`${text}\ndn: cn=next,dc=lab\ncn: next\n`)).toEqual([refusal, '<cn=next,dc=lab> cn=next']);
});
