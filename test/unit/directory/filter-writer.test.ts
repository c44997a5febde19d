import { expect, test } from 'vitest';

import { BerWriter } from '#directory/ber-writer.ts';
import { writeFilter } from '#directory/filter-writer.ts';

/** Definite lengths in their shortest form, so that examples can be written down. */
function shorten(bytes: Buffer): string {
  const tag = bytes[0] ?? 0;
  const long = bytes[1] === 0x84;
  const length = long ? bytes.readUInt32BE(2) : (bytes[1] ?? 0);
  const start = long ? 6 : 2;
  const rest = bytes.subarray(start + length);
  let body = bytes.subarray(start, start + length).toString('hex');
  if ((tag & 0x20) !== 0) {
    body = '';
    let inner = bytes.subarray(start, start + length);
    while (inner.length > 0) {
      const size = inner[1] === 0x84 ? 6 + inner.readUInt32BE(2) : 2 + (inner[1] ?? 0);
      body += shorten(inner.subarray(0, size));
      inner = inner.subarray(size);
    }
  }
  expect(rest.length).toBe(0);
  return tag.toString(16).padStart(2, '0') + (body.length / 2).toString(16).padStart(2, '0') + body;
}

function write(text: string): string {
  const writer = new BerWriter();
  writeFilter(writer, text);
  return shorten(Buffer.from(writer.finish()));
}

const hex = (text: string) => Buffer.from(text).toString('hex');
const value = (text: string, tag = '04') => {
  const bytes = hex(text);
  return tag + (bytes.length / 2).toString(16).padStart(2, '0') + bytes;
};
const wrap = (tag: string, ...parts: string[]) => {
  const bytes = parts.join('');
  return tag + (bytes.length / 2).toString(16).padStart(2, '0') + bytes;
};
const equal = (attribute: string, text: string) => wrap('a3', value(attribute), value(text));

test.each([
  ['(cn=Babs Jensen)', equal('cn', 'Babs Jensen')],
  ['cn=without parentheses', equal('cn', 'without parentheses')],
  ['(objectClass=*)', value('objectClass', '87')],
  ['(!(cn=Tim Howes))', wrap('a2', equal('cn', 'Tim Howes'))],
  ['(&(a=1)(b=2))', wrap('a0', equal('a', '1'), equal('b', '2'))],
  ['(| (a=1) \n (b=2) )', wrap('a1', equal('a', '1'), equal('b', '2'))],
  ['(&)', 'a000'],
  ['(|)', 'a100'],
  ['(a>=5)', wrap('a5', value('a'), value('5'))],
  ['(a<=5)', wrap('a6', value('a'), value('5'))],
  ['(a~=5)', wrap('a8', value('a'), value('5'))],
  ['(userCertificate;binary=x)', equal('userCertificate;binary', 'x')],
  ['(2.5.4.3=x)', equal('2.5.4.3', 'x')],
  [
    '(o=univ*of*mich*)',
    wrap('a4', value('o'), wrap('30', value('univ', '80'), value('of', '81'), value('mich', '81'))),
  ],
  ['(o=*end)', wrap('a4', value('o'), wrap('30', value('end', '82')))],
  [
    '(cn:caseExactMatch:=Fred)',
    wrap('a9', value('caseExactMatch', '81'), value('cn', '82'), value('Fred', '83')),
  ],
  ['(sn:dn:2.4.6:=B)', wrap('a9', value('2.4.6', '81'), value('sn', '82'), value('B', '83'), '8401ff')],
  ['(:dn:2.4.8:=D)', wrap('a9', value('2.4.8', '81'), value('D', '83'), '8401ff')],
  ['(o:dn:=Ace)', wrap('a9', value('o', '82'), value('Ace', '83'), '8401ff')],
  ['(o=Parens R Us \\28for all\\29)', equal('o', 'Parens R Us (for all)')],
  ['(cn=*\\2A*)', wrap('a4', value('cn'), wrap('30', value('*', '81')))],
  ['(sn=Lu\\c4\\8di\\c4\\87)', equal('sn', 'Lučić')],
  ['(sn=Lučić)', equal('sn', 'Lučić')],
  ['(url=a:=b=c)', equal('url', 'a:=b=c')],
] as const)('%s', (text, expected) => {
  expect(write(text)).toBe(expected);
});

test('an escape is the byte that it names, whatever stands around it', () => {
  expect(write('(objectGUID=é\\00\\ff\\80\\c3\\28)')).toBe(
    wrap('a3', value('objectGUID'), `0407${hex('é')}00ff80c328`),
  );
});

test.each([
  '',
  '(',
  ')',
  '()',
  '(cn=a',
  '(cn=a))',
  '(cn=a)(b=c)',
  '(&(cn=a)',
  '(&(cn=a)x)',
  '(!)',
  '(!(a=1)(b=2))',
  '(c n=a)',
  '(=a)',
  '(cn)',
  '(cn=\\2)',
  '(cn=\\zz)',
  '(cn=a(b)',
  '(a:=',
] as const)('%j is refused with its place', (text) => {
  expect(() => write(text)).toThrow(/The LDAP filter ".*" .+, at character \d+/);
});

test('nesting has an end', () => {
  expect(() => write(`${'(!'.repeat(5000)}(a=1)${')'.repeat(5000)}`)).toThrow(/nested too deeply/);
  expect(write(`${'(!'.repeat(90)}(a=1)${')'.repeat(90)}`)).toMatch(/^a2/);
});
