import fc from 'fast-check';
import { expect, test } from 'vitest';

import { escapeNamePart, foldDn, isWithin, readRdn, splitDn } from '#shared/text/distinguished-name.ts';
import { DnFolder } from '#shared/text/dn-folder.ts';
import { escapeFilterText } from '#shared/text/filter-text.ts';
import { foldText } from '#shared/text/folded-text.ts';

test.each([
  ['CN=Jane Doe,OU=People,DC=Fabrikam,DC=Lab', 'cn=jane  doe , ou = people,dc=fabrikam,dc=lab'],
  ['CN=Doe\\, Jane,DC=lab', 'CN="Doe, Jane",DC=lab'],
  ['CN=Doe\\, Jane,DC=lab', 'CN=Doe\\2C Jane,DC=lab'],
  ['CN=Lu\\C4\\8Di\\C4\\87,DC=lab', 'cn=LUČIĆ,dc=LAB'],
  ['CN=a+UID=b,DC=lab', 'uid=B+cn=A,dc=lab'],
  ['CN=a\\=b\\+c\\"d\\\\e,DC=lab', 'CN=a\\3Db\\2Bc\\22d\\5Ce,DC=lab'],
  ['CN=Straße,DC=lab', 'CN=STRASSE,DC=lab'],
  ['2.5.4.3=x,DC=lab', '2.5.4.3=X,dc=lab'],
  ['CN=\\ leading and trailing\\ ,DC=lab', 'CN=\\20leading and trailing\\20,DC=lab'],
  ['CN=😀,DC=lab', 'CN=\\F0\\9F\\98\\80,DC=lab'],
  ['', '  '],
] as const)('%j and %j are one name', (one, other) => {
  expect(foldDn(one)).toBeDefined();
  expect(foldDn(one)).toBe(foldDn(other));
});

test.each([
  ['CN=a,DC=lab', 'CN=a\\,DC=lab'],
  ['CN=a,DC=lab', 'CN=a,OU=x,DC=lab'],
  ['CN=a+UID=b,DC=lab', 'CN=a\\+UID=b,DC=lab'],
  ['CN=a,DC=lab', 'OU=a,DC=lab'],
] as const)('%j and %j are two names', (one, other) => {
  expect(foldDn(one)).not.toBe(foldDn(other));
});

test.each(['people', '=x', 'CN=a,,DC=lab', 'C N=a', 'CN=a,DC'])('%j is no name', (text) => {
  expect(foldDn(text)).toBeUndefined();
});

test.each(['Lee, Ann', ' #1+"2"=<3>; \\', 'ends with one ', '# ', 'Ärger'])(
  'a name made of "%s" is read as it was meant',
  (text) => {
    const { rdn, parent } = splitDn(`CN=${escapeNamePart(text)}, OU=People,DC=lab`);
    expect(readRdn(rdn)).toEqual([{ type: 'cn', value: text }]);
    expect(parent).toBe('OU=People,DC=lab');
  },
);

test('a comma in a value does not make a container', () => {
  const inside = foldDn('CN=a,OU=People,DC=lab') ?? '';
  const trick = foldDn('CN=a\\,OU=People,DC=lab') ?? '';
  const people = foldDn('ou=people,dc=lab') ?? '';
  expect(isWithin(inside, people)).toBe(true);
  expect(isWithin(people, people)).toBe(true);
  expect(isWithin(trick, people)).toBe(false);
  expect(isWithin(foldDn('OU=OtherPeople,DC=lab') ?? '', people)).toBe(false);
});

test('a value cannot break out of a filter', () => {
  expect(escapeFilterText('a)(uid=*\\\0')).toBe('a\\29\\28uid=\\2a\\5c\\00');
  expect(escapeFilterText('Ελένη 😀')).toBe('Ελένη 😀');
});

test('folding a text twice changes nothing more', () => {
  for (const text of ['  Straße ', 'İstanbul', 'ﬁn\u00a0x', '①', 'Ǆ', 'a\t\tb'])
    expect(foldText(foldText(text))).toBe(foldText(text));
});

test('a name folded beside many others is folded as it would be alone', () => {
  const names = new DnFolder();
  const piece = fc.constantFrom('CN=a', 'ou = B ', 'x', ' ', '', '\\,', '"', ',', '=', '+', 'É', 'DC=lab');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.boolean(), (pieces, joined) => {
      const dn = pieces.join(joined ? ',' : '');
      expect(names.fold(dn)).toBe(foldDn(dn));
    }),
  );
});
