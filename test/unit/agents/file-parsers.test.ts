import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, expect, test } from 'vitest';

import { AttributeValueParser } from '#agents/file/attribute-value-parser.ts';
import { DelimitedParser } from '#agents/file/delimited-parser.ts';
import { DsmlParser } from '#agents/file/dsml-parser.ts';
import { FixedWidthParser } from '#agents/file/fixed-width-parser.ts';
import { LdifParser } from '#agents/file/ldif-parser.ts';
import { delimitedLayoutSchema, fixedWidthLayoutSchema } from '#shared/model/agent-file.ts';
import { readRecords } from '#test/read-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-values-'));
afterAll(() => rmSync(folder, { recursive: true }));

const csv = (text: string, layout: object = {}): string[] =>
  readRecords(() => new DelimitedParser(delimitedLayoutSchema.parse(layout)), text);

// The cases follow RFC 4180 and what CSV test suites have in common.
test.each<[string, string, string[]]>([
  ['CR LF or LF ends a record', 'a,b\r\n1,2\n3,4', ['a=1 b=2', 'a=3 b=4']],
  ['the last record needs no end', 'a\nx', ['a=x']],
  ['quotes hold delimiters and line ends', 'a,b\n"1,5","x\r\ny"\n3,4\n', ['a=1,5 b=x\r\ny', 'a=3 b=4']],
  ['a doubled quote is one', 'a\n"say ""hi"""\n', ['a=say "hi"']],
  ['an empty quoted value is empty', 'a,b\n"",2\n', ['b=2']],
  ['spaces belong to the value', 'a,b\n 1 ,2\n', ['a= 1  b=2']],
  ['blank lines are no records', 'a\n\n1\n\n', ['a=1']],
  ['characters of every length pass', 'näme,b\nÅsa😀,2\n', ['näme=Åsa😀 b=2']],
  ['too few values are refused', 'a,b\n1\n3,4\n', ['2:1 parse-error', 'a=3 b=4']],
  ['too many values are refused', 'a,b\n1,2,3\n3,4\n', ['2:1 parse-error', 'a=3 b=4']],
  ['a quote inside a plain value is refused', 'a,b\n1,x"y\n3,4\n', ['2:4 parse-error', 'a=3 b=4']],
  ['text after a closing quote is refused', 'a,b\n"1"x,2\n3,4\n', ['2:4 parse-error', 'a=3 b=4']],
  ['an open quote costs its own line only', 'a,b\n1,"2\n3,4\n', ['2:3 parse-error', 'a=3 b=4']],
  ['a NUL is refused', 'a,b\n1,x\0\n3,4\n', ['2:4 parse-error', 'a=3 b=4']],
  ['a line in a quoted value counts', 'a,b\n"x\ny",1\n1\n', ['a=x\ny b=1', '4:1 parse-error']],
])('delimited: %s', (_, text, records) => {
  expect(csv(text)).toEqual(records);
});

test('delimited: another delimiter, no quotes, no header, several values', () => {
  const layout = {
    delimiter: ';',
    quote: '',
    header: false,
    columns: ['id', 'mail'],
    multivalue: [{ column: 'mail', separator: '|' }],
  };
  expect(csv('1;a"b|c\n', layout)).toEqual(['id=1 mail=a"b|c']);
});

test('delimited: a header that does not fit stops the import at its place', () => {
  expect(() => csv('a,b\n1,2\n', { columns: ['a', 'c'] })).toThrow('The header does not name "c"');
  expect(() => csv('a,A\n1,2\n')).toThrow('The header names "a" twice');
});

test('fixed width: values stand at their places and lose the spaces around them', () => {
  const layout = fixedWidthLayoutSchema.parse({
    skipLines: 1,
    columns: [
      { name: 'id', start: 1, width: 4 },
      { name: 'name', start: 6, width: 8 },
    ],
  });
  const text = 'ID   NAME\n0001 Ann     rest\n\n0002 Bo\n0003\n00\0 X\n';
  expect(readRecords(() => new FixedWidthParser(layout), text)).toEqual([
    'id=0001 name=Ann',
    'id=0002 name=Bo',
    'id=0003',
    '6:3 parse-error',
  ]);
});

test('attribute-value pairs: blank lines part records, a name may repeat, base64 is decoded', () => {
  const text = '# people\nid: 1\nFull name: Ann\n  Lee\nmail: a\nmail: b\nnote:: w6k=\n\n\nid 2\n\nid:3\n';
  expect(readRecords(() => new AttributeValueParser(), text)).toEqual([
    'id=1 full name=Ann Lee mail=a|b note=é',
    '10:1 parse-error',
    'id=3',
  ]);
});

const ldif = (text: string): string[] => readRecords(() => new LdifParser(folder), text);

// Written after the rules and the seven examples of RFC 2849.
test.each<[string, string, string[]]>([
  [
    'entries with comments, folded lines and a version',
    'version: 1\n# one\ndn: cn=Ann Lee,\n  ou=Staff,dc=lab\nobjectclass: top\nobjectclass: person\n# a comment\n  that goes on\ndescription:A text that\n  goes on\n\ndn: cn=Bo,dc=lab\ncn: Bo\n',
    [
      '<cn=Ann Lee, ou=Staff,dc=lab> objectclass=top|person description=A text that goes on',
      '<cn=Bo,dc=lab> cn=Bo',
    ],
  ],
  [
    'names and values in base64',
    'dn:: Y249w4VzYSxkYz1sYWI=\ncn:: w4VzYQ==\njpegPhoto:: /9j/AA==\n',
    ['<cn=Åsa,dc=lab> cn=Åsa jpegphoto=/9j/AA=='],
  ],
  ['options after a name', 'dn: cn=a,dc=lab\ncn;lang-fr: Anne\n', ['<cn=a,dc=lab> cn=Anne']],
  ['an empty value', 'dn: cn=a,dc=lab\nseeAlso:\n', ['<cn=a,dc=lab> seealso=']],
  ['a value that begins with a colon in base64', 'dn: cn=a,dc=lab\nx:: OmI=\n', ['<cn=a,dc=lab> x=:b']],
  [
    'changes of every kind',
    'version: 1\n\ndn: cn=a,dc=lab\nchangetype: add\ncn: a\n\ndn: cn=b,dc=lab\ncontrol: 1.2.840.113556.1.4.805 true\nchangetype: delete\n\ndn: cn=c,dc=lab\nchangetype: modify\nadd: mail\nmail: x\nmail: y\n-\ndelete: fax\n-\nreplace: tel\ntel: 1\n-\n\ndn: cn=d,dc=lab\nchangetype: modrdn\nnewrdn: cn=e\ndeleteoldrdn: 1\n',
    ['add <cn=a,dc=lab> cn=a', 'delete <cn=b,dc=lab>', 'modify <cn=c,dc=lab>', 'rename <cn=d,dc=lab>'],
  ],
  ['UTF-8 as it is', 'dn: cn=Åsa,dc=lab\ncn: Åsa\n', ['<cn=Åsa,dc=lab> cn=Åsa']],
  [
    'CR LF',
    'dn: cn=a,dc=lab\r\ncn: a\r\n\r\ndn: cn=b,dc=lab\r\ncn: b\r\n',
    ['<cn=a,dc=lab> cn=a', '<cn=b,dc=lab> cn=b'],
  ],
  ['another version', 'version: 2\ndn: cn=a,dc=lab\ncn: a\n', ['1:1 parse-error', '<cn=a,dc=lab> cn=a']],
  ['no name', 'cn: a\n\ndn: cn=b,dc=lab\ncn: b\n', ['1:1 missing-dn', '<cn=b,dc=lab> cn=b']],
  ['a name that is none', 'dn: nonsense\ncn: a\n', ['1:4 dn-not-ldap-conformant']],
  ['a line without a colon', 'dn: cn=a,dc=lab\ncn a\n', ['2:1 parse-error']],
  ['an attribute that is none', 'dn: cn=a,dc=lab\n-cn: a\n', ['2:1 parse-error']],
  ['broken base64', 'dn: cn=a,dc=lab\ncn: a\nx:: ab!\n', ['3:4 invalid-base64-value']],
  [
    'bytes that are no text in a continuation',
    'dn: cn=a,dc=lab\ndescription: one\n  two\n th\uFFFDree\n',
    ['4:4 parse-error'],
  ],
  ['an unknown change', 'dn: cn=a,dc=lab\nchangetype: explode\n', ['2:13 invalid-change-type']],
  ['a control alone', 'dn: cn=a,dc=lab\ncontrol: 1.2.3\ncn: a\n', ['3:1 invalid-change-type']],
  ['a modification of nothing', 'dn: cn=a,dc=lab\nchangetype: modify\nmail: x\n', ['3:1 parse-error']],
  [
    'a modification with a stranger in it',
    'dn: cn=a,dc=lab\nchangetype: modify\nadd: mail\nfax: x\n-\n',
    ['4:1 parse-error'],
  ],
  ['a new name without its half', 'dn: cn=a,dc=lab\nchangetype: modrdn\nnewrdn: cn=b\n', ['3:1 parse-error']],
  ['a deletion with attributes', 'dn: cn=a,dc=lab\nchangetype: delete\ncn: a\n', ['3:1 parse-error']],
  ['an entry without attributes', 'dn: cn=a,dc=lab\n', ['1:1 parse-error']],
  ['a value from the web', 'dn: cn=a,dc=lab\nx:< http://example.com/x\n', ['2:4 invalid-attribute-value']],
])('LDIF: %s', (_, text, records) => {
  expect(ldif(text)).toEqual(records);
});

test('LDIF: a file value comes from its one folder and from nowhere else', () => {
  writeFileSync(join(folder, 'motto.txt'), 'Semper');
  symlinkSync('/etc/hostname', join(folder, 'link'));
  const url = (name: string): string => pathToFileURL(join(folder, name)).href;
  const record = (value: string): string => `dn: cn=a,dc=lab\nx:< ${value}\n`;
  expect(ldif(record(url('motto.txt')))).toEqual(['<cn=a,dc=lab> x=Semper']);
  const refused = ['2:4 invalid-attribute-value'];
  expect(ldif(record('file:///etc/hostname'))).toEqual(refused);
  expect(ldif(record(url('link')))).toEqual(refused);
  expect(ldif(record(url('../../etc/hostname')))).toEqual(refused);
  expect(ldif(record('file://fileserver/share/x'))).toEqual(refused);
  expect(readRecords(() => new LdifParser(undefined), record(url('motto.txt')))).toEqual(refused);
});

const ns = 'xmlns="urn:oasis:names:tc:DSML:2:0:core" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const dsml = (text: string): string[] => readRecords(() => new DsmlParser(folder), text);

test('DSML: entries of a search and changes of a batch are read', () => {
  const response = `<?xml version="1.0"?>\n<batchResponse ${ns}><searchResponse>
<searchResultEntry dn="cn=Ann,dc=lab"><attr name="cn"><value>Ann &amp; <![CDATA[<Co>]]></value></attr>
<attr name="photo"><value xsi:type="xsd:base64Binary" xmlns:xsd="http://www.w3.org/2001/XMLSchema">/9j/
AA==</value></attr></searchResultEntry><searchResultDone><resultCode code="0"/></searchResultDone>
</searchResponse></batchResponse>`;
  expect(dsml(response)).toEqual(['<cn=Ann,dc=lab> cn=Ann & <Co> photo=/9j/AA==']);
  const request = `<d:batchRequest xmlns:d="urn:oasis:names:tc:DSML:2:0:core"><d:addRequest dn="cn=a,dc=lab">
<d:attr name="mail"><d:value>x</d:value><d:value>y</d:value></d:attr></d:addRequest>
<d:delRequest dn="cn=b,dc=lab"/><d:modifyRequest dn="cn=c,dc=lab"/></d:batchRequest>`;
  expect(dsml(request)).toEqual([
    'add <cn=a,dc=lab> mail=x|y',
    'delete <cn=b,dc=lab>',
    'modify <cn=c,dc=lab>',
  ]);
});

test.each([
  ['the rest of the file', 'Co & Sons'],
  ['the next semicolon', 'Co & Sons; Ltd'],
  ['a long word', 'Co &corporations-of-the-world'],
])('DSML: an ampersand of no entity is found where it stands, not at the end of %s', (_, text) => {
  const rest = `<addRequest dn="cn=b"><attr name="x"><value>&amp;</value></attr></addRequest></batchRequest>`;
  const file = `<batchRequest ${ns}><!-- a & b -->\n<addRequest dn="cn=a"><attr name="x"><value><![CDATA[&]]>&#65;\n${text}</value></attr></addRequest>\n${rest}`;
  const error = expect.objectContaining({ place: { line: 3, column: 4 } });
  expect(() => dsml(file)).toThrow(error);
});

test('DSML: an entry that cannot be taken does not harm the next', () => {
  const text = `<batchRequest ${ns}>\n<addRequest dn="nonsense"/>\n<addRequest dn="cn=a,dc=lab"><attr name="x"><value xsi:type="xsd:base64Binary">!</value></attr></addRequest>
<addRequest dn="cn=b,dc=lab"><attr name="x"><value xsi:type="anyURI">http://example.com</value></attr></addRequest>
<addRequest dn="cn=c,dc=lab"><attr name="x"><value>1</value></attr></addRequest></batchRequest>`;
  expect(dsml(text).map((item) => item.replace(/^\d+:\d+ /, ''))).toEqual([
    'dn-not-ldap-conformant',
    'invalid-base64-value',
    'invalid-attribute-value',
    'add <cn=c,dc=lab> x=1',
  ]);
});

test.each([
  [
    'a document type',
    `<!DOCTYPE x [<!ENTITY a "b">]><batchRequest ${ns}/>`,
    'A document type is not allowed',
  ],
  ['an entity of its own', `<batchRequest ${ns}>&lol;</batchRequest>`, 'undefined entity'],
  ['what is not well-formed', `<batchRequest ${ns}><addRequest dn="cn=a"></batchRequest>`, 'tag'],
  ['another document', '<html/>', 'is no batchRequest'],
  ['endless depth', `<batchRequest ${ns}>${'<a>'.repeat(40)}`, 'too deep'],
])('DSML: %s stops the file', (_, text, message) => {
  expect(() => dsml(text)).toThrow(message);
});
