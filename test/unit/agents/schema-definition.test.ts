import { expect, test } from 'vitest';

import { parseSchemaDefinition } from '#agents/schema-definition.ts';

test('an object class is read with its superiors and its attributes', () => {
  const text = `( 2.5.6.6 NAME 'person' DESC 'RFC 4519: a (real) person' SUP top STRUCTURAL
    MUST ( sn $ cn ) MAY ( userPassword $ telephoneNumber ) X-ORIGIN 'RFC 4519' )`;
  expect(parseSchemaDefinition(text)).toMatchObject({
    oid: '2.5.6.6',
    names: ['person'],
    superiors: ['top'],
    must: ['sn', 'cn'],
    may: ['userPassword', 'telephoneNumber'],
    kind: 'structural',
  });
});

test.each([
  ["( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name )", { names: ['cn', 'commonName'], isSingleValue: false }],
  [
    "( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' SYNTAX '1.3.6.1.4.1.1466.115.121.1.15' SINGLE-VALUE )",
    { syntax: '1.3.6.1.4.1.1466.115.121.1.15', isSingleValue: true },
  ],
  [
    "( 2.5.18.1 NAME 'createTimestamp' NO-USER-MODIFICATION USAGE directoryOperation )",
    { isOperational: true },
  ],
  ['( 1.1 SYNTAX 1.2.3{256} )', { syntax: '1.2.3' }],
  ['( 1.1 ABSTRACT )', { kind: 'abstract' }],
] as const)('%s is understood', (text, expected) => {
  expect(parseSchemaDefinition(text)).toMatchObject(expected);
});

test.each(['', '2.5.6.6', '(', '()', '( )'])('%j is no definition', (text) => {
  expect(parseSchemaDefinition(text)).toBeUndefined();
});

test.each(["( 1.1 NAME ( 'a'", '( 1.1 MUST', "( 1.1 NAME 'a", '( 1.1 MUST ( a $'])(
  '%j, which breaks off, ends',
  (text) => {
    expect(parseSchemaDefinition(text)?.oid).toBe('1.1');
  },
);
