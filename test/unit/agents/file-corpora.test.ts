import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { DelimitedParser } from '#agents/file/delimited-parser.ts';
import { DsmlParser } from '#agents/file/dsml-parser.ts';
import { LdifParser } from '#agents/file/ldif-parser.ts';
import { delimitedLayoutSchema } from '#shared/model/agent-file.ts';
import { readRecords } from '#test/read-records.ts';

/** What the formats' own documents give as examples, and what they forbid. */

const folder = mkdtempSync(join(tmpdir(), 'carillon-corpora-'));
const photo = pathToFileURL(join(folder, 'photo.jpg')).href;
beforeAll(() => writeFileSync(join(folder, 'photo.jpg'), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)));
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (...all: readonly string[]): string => `${all.join('\n')}\n`;
const ldif = (text: string): string[] => readRecords(() => new LdifParser(folder), text);
const csv = (text: string): string[] =>
  readRecords(() => new DelimitedParser(delimitedLayoutSchema.parse({})), text);
const dsml = (text: string): string[] => readRecords(() => new DsmlParser(folder), text);

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

// RFC 4180 section 2, rule by rule, and the cases that suites of CSV files have in common.
test.each<[string, string, string[]]>([
  ['2.1, records end in CR LF', 'a,b\r\naaa,bbb\r\nzzz,yyy\r\n', ['a=aaa b=bbb', 'a=zzz b=yyy']],
  ['2.2, the last record may have no end', 'a,b\r\naaa,bbb\r\nzzz,yyy', ['a=aaa b=bbb', 'a=zzz b=yyy']],
  ['2.3, a header', 'field_name,field\r\naaa,bbb\r\n', ['field_name=aaa field=bbb']],
  ['2.4, spaces are part of a field', 'a,b\r\n aaa, b b \r\n', ['a= aaa b= b b ']],
  ['2.5, any field may be quoted', '"a","b"\r\n"aaa","bbb"\r\nzzz,yyy\r\n', ['a=aaa b=bbb', 'a=zzz b=yyy']],
  ['2.6, a line end in quotes', 'a,b\r\n"aaa","b\r\nbb"\r\n', ['a=aaa b=b\r\nbb']],
  ['2.6, a comma in quotes', 'a,b\r\n"aaa, Inc.",bbb\r\n', ['a=aaa, Inc. b=bbb']],
  ['2.7, a quote in quotes', 'a,b\r\n"aaa","b""bb"\r\n', ['a=aaa b=b"bb']],
  ['nothing but quotes', 'a,b\n"""","""""" \n'.replace(' \n', '\n'), ['a=" b=""']],
  ['quotes at both ends', 'a,b\n"""x""",1\n', ['a="x" b=1']],
  [
    'JSON in a field',
    'id,point\n1,"{""type"": ""Point"", ""at"": [102.0, 0.5]}"\n',
    ['id=1 point={"type": "Point", "at": [102.0, 0.5]}'],
  ],
  ['quotes and line ends together', 'a,b\n1,"ha\n""ha""\nha"\n3,4\n', ['a=1 b=ha\n"ha"\nha', 'a=3 b=4']],
  ['blank lines inside quotes', 'a,b\n1,"x\n\ny"\n', ['a=1 b=x\n\ny']],
  ['empty fields', 'a,b,c\n1,"",""\n2,3,4\n,,5\n', ['a=1', 'a=2 b=3 c=4', 'c=5']],
  ['empty fields with CR LF', 'a,b,c\r\n1,"",""\r\n2,,\r\n', ['a=1', 'a=2']],
  ['a header alone', 'a,b,c\n', []],
  ['nothing at all', '', []],
  ['degrees, minutes and seconds', 'at,x\n"29°59\'N, 31°8\'E",1\n', ["at=29°59'N, 31°8'E x=1"]],
  ['letters of many scripts', 'a,b\nʤ,ʎ\n漢字,😀\n', ['a=ʤ b=ʎ', 'a=漢字 b=😀']],
  ['both line ends in one file', 'a,b\r\n1,2\n3,4\r\n', ['a=1 b=2', 'a=3 b=4']],
  ['a tab in a field', 'a,b\n1,x\ty\n', ['a=1 b=x\ty']],
  ['a quote on its own line', 'a,b\n1,"\n"\n', ['a=1 b=\n']],
  ['2.4, every record as many fields', 'a,b,c\n1,2\n1,2,3\n', ['2:1 parse-error', 'a=1 b=2 c=3']],
  ['2.4, no comma at the end', 'a,b\n1,2,\n3,4\n', ['2:1 parse-error', 'a=3 b=4']],
  ['2.5, no quote in a plain field', 'a,b\n1,b"bb\n3,4\n', ['2:4 parse-error', 'a=3 b=4']],
  ['2.5, nothing behind a closing quote', 'a,b\n"1" ,2\n3,4\n', ['2:4 parse-error', 'a=3 b=4']],
  ['2.5, nothing before an opening quote', 'a,b\n1, "2"\n3,4\n', ['2:4 parse-error', 'a=3 b=4']],
  ['a backslash escapes nothing', 'a,b\n"x\\"y",2\n3,4\n', ['2:5 parse-error', 'a=3 b=4']],
])('RFC 4180: %s', (_, text, records) => {
  expect(csv(text)).toEqual(records);
});

const core = 'xmlns="urn:oasis:names:tc:DSML:2:0:core"';
const schema = 'xmlns:xsd="http://www.w3.org/2001/XMLSchema"';
const instance = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const request = (body: string): string =>
  `<batchRequest ${core} ${schema} ${instance}>${body}</batchRequest>`;
const response = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<batchResponse ${core} ${schema} ${instance}>${body}</batchResponse>`;
const alice = 'CN=Alice,OU=HR,DC=Example,DC=COM';

// DSML 2.0, the elements of its sections 3 to 6.
test.each<[string, string, string[]]>([
  ['an empty batch', request(''), []],
  ['an empty answer', response(''), []],
  [
    'an answer to a search, with a reference between',
    response(
      `<searchResponse requestID="1"><searchResultEntry dn="OU=Development,DC=Example,DC=COM"><attr name="objectclass"><value>top</value><value>organizationalUnit</value></attr><attr name="ou"><value>Development</value></attr></searchResultEntry><searchResultReference><ref>ldap://srv01.fabrikam.com/OU=Marketing,DC=Example,DC=COM</ref></searchResultReference><searchResultEntry dn="CN=David,OU=HR,DC=Example,DC=COM"><attr name="objectclass"><value>person</value></attr><attr name="sn"><value>Johnson</value></attr><attr name="givenName"><value>David</value></attr></searchResultEntry><searchResultDone><control type="1.2.840.113556.1.4.621" criticality="false"><controlValue xsi:type="xsd:base64Binary">RFNNTHYyLjAgcm9ja3MhIQ==</controlValue></control><resultCode code="0"/></searchResultDone></searchResponse>`,
    ),
    [
      '<OU=Development,DC=Example,DC=COM> objectclass=top|organizationalUnit ou=Development',
      '<CN=David,OU=HR,DC=Example,DC=COM> objectclass=person sn=Johnson givenname=David',
    ],
  ],
  [
    'an addition',
    request(
      `<addRequest dn="${alice}"><attr name="objectclass"><value>top</value><value>person</value></attr><attr name="sn"><value>Johnson</value></attr><attr name="givenName"><value>Alice</value></attr></addRequest>`,
    ),
    [`add <${alice}> objectclass=top|person sn=Johnson givenname=Alice`],
  ],
  ['a deletion', request(`<delRequest dn="${alice}"/>`), [`delete <${alice}>`]],
  [
    'a modification of several kinds',
    request(
      `<modifyRequest dn="${alice}"><modification name="telephoneNumber" operation="replace"><value>536 354 2343</value><value>234 212 4534</value></modification><modification name="sn" operation="delete"/><modification name="mail" operation="add"><value>a@example.com</value></modification></modifyRequest>`,
    ),
    [`modify <${alice}>`],
  ],
  [
    'a new name and place',
    request(
      `<modDNRequest dn="${alice}" newrdn="CN=Alice Johnson" deleteoldrdn="true" newSuperior="OU=Marketing,DC=Example,DC=COM"/>`,
    ),
    [`rename <${alice}>`],
  ],
  [
    'a value in base64 and one by its address',
    request(
      `<addRequest dn="${alice}"><attr name="cn;lang-de"><value xsi:type="xsd:base64Binary">QWxpY2U=</value></attr><attr name="jpegPhoto"><value xsi:type="xsd:anyURI">${photo}</value></attr></addRequest>`,
    ),
    [`add <${alice}> cn=Alice jpegphoto=/9j/4A==`],
  ],
  [
    'requests that show no object, between two that do',
    request(
      `<authRequest principal="CN=Bob"/><compareRequest dn="${alice}"><assertion name="sn"><value>Johnson</value></assertion></compareRequest><delRequest dn="CN=a"/><extendedRequest><requestName>1.3.563.52.424</requestName><requestValue xsi:type="xsd:base64Binary">TFNNTHYyLjAgcm9ja3MhIQ==</requestValue></extendedRequest><searchRequest dn="" scope="baseObject" derefAliases="neverDerefAliases"><filter><equalityMatch name="sn"><value>x</value></equalityMatch></filter></searchRequest><abandonRequest abandonID="1"/><delRequest dn="CN=b"/>`,
    ),
    ['delete <CN=a>', 'delete <CN=b>'],
  ],
  [
    'answers without an object',
    response(
      `<authResponse><resultCode code="0"/></authResponse><addResponse matchedDN="${alice}"><resultCode code="68" descr="entryAlreadyExists"/><errorMessage>It exists</errorMessage></addResponse><errorResponse type="malformedRequest"><message>Unknown element</message><detail/></errorResponse>`,
    ),
    [],
  ],
  [
    'a batch with attributes of its own',
    `<batchRequest ${core} requestID="ABC" processing="parallel" responseOrder="unordered" onError="resume"><delRequest dn="CN=a" requestID="1"/></batchRequest>`,
    ['delete <CN=a>'],
  ],
])('DSML 2.0: %s is accepted', (_, text, records) => {
  expect(dsml(text)).toEqual(records);
});

test.each<[string, string, string]>([
  ['another namespace', '<batchRequest xmlns="http://www.dsml.org/DSML"/>', 'is no batchRequest'],
  ['a document of DSML 1', '<dsml:dsml xmlns:dsml="http://www.dsml.org/DSML"/>', 'is no batchRequest'],
  ['an element that is not closed', request('<delRequest dn="CN=a">'), 'tag'],
  ['two documents in one', `${request('')}${request('')}`, 'document'],
  ['an attribute twice', request('<delRequest dn="CN=a" dn="CN=b"/>'), 'uplicate'],
  ['a prefix that is not bound', request('<x:delRequest dn="CN=a"/>'), 'prefix'],
  ['an ampersand alone', request('<addRequest dn="CN=a &b; c"/>'), 'entity'],
  ['no end', `<batchRequest ${core}>`, 'unclosed'],
  ['no document', '', 'document'],
])('DSML 2.0: %s stops the file', (_, text, message) => {
  expect(() => dsml(text)).toThrow(message);
});
