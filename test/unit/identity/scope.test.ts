import { expect, test } from 'vitest';

import { compileScope } from '#identity/scope.ts';
import { partitionSchema } from '#shared/model/agent.ts';
import { foldDn } from '#shared/text/distinguished-name.ts';
import { foldText } from '#shared/text/folded-text.ts';

test.each([
  ['CN=Ann Lee,OU=Staff,DC=x', 'cn=ann lee, ou=staff , dc=X'],
  ['CN=Lee\\, Ann,DC=x', 'cn=Lee\\2C Ann,dc=x'],
  ['CN="Lee, Ann",DC=x', 'cn=Lee\\, Ann,dc=x'],
  ['CN=M\\C3\\BCller,DC=x', 'cn=Müller,dc=x'],
  ['CN=a+UID=b,DC=x', 'uid=B+cn=A,dc=x'],
  ['CN=a\\ ,DC=x', 'cn=a,dc=x'],
  ['', ''],
])('%s and %s are one name', (one, other) => {
  expect(foldDn(one)).toBeDefined();
  expect(foldDn(one)).toBe(foldDn(other));
});

test.each(['no equals', 'CN=a,,DC=x', '=a,DC=x', '1cn=a'])('%s is no name', (text) => {
  expect(foldDn(text)).toBeUndefined();
});

test('a comma inside a value is not the border of a container', () => {
  const partition = partitionSchema.parse({ dn: 'DC=x', include: ['OU=Staff,DC=x'] });
  const inScope = compileScope(partition);
  expect(inScope(foldDn('CN=a\\,OU=Staff,DC=x') ?? '')).toBe(false);
  expect(inScope(foldDn('CN=a,OU=Staff,DC=x') ?? '')).toBe(true);
});

test('the nearest container decides', () => {
  const partition = partitionSchema.parse({
    dn: 'DC=x',
    include: ['OU=Keep,OU=Temps,DC=x'],
    exclude: ['OU=Temps,DC=x'],
  });
  const inScope = compileScope(partition);
  const verdicts = ['CN=a,OU=Keep,OU=Temps,DC=x', 'CN=a,OU=Temps,DC=x', 'CN=a,DC=x', 'CN=a,DC=y'];
  expect(verdicts.map((dn) => inScope(foldDn(dn) ?? ''))).toEqual([true, false, false, false]);
});

test.each([
  ['STRASSE', 'straße'],
  ['ＡＢＣ', 'abc'],
  ['  a   b ', 'a b'],
  ['É', 'é'],
])('%s and %s compare equal', (one, other) => {
  expect(foldText(one)).toBe(foldText(other));
});
