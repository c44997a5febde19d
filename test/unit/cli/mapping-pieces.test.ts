import { expect, test } from 'vitest';

import { requireOnce, withoutRepeated, workThrough } from '#cli/sso/mapping-pieces.ts';
import { AppError } from '#shared/model/app-error.ts';
import { ssoApplicationSchema } from '#shared/model/sso-application.ts';

const mappings = Array.from({ length: 12_000 }, (_, index) => ({
  application: 'SAP',
  windowsAccount: `FABRIKAM\\user${index}`,
  externalUser: `U${index}`,
}));

test('all pieces of a long file are looked at before the first is carried out', async () => {
  const calls: string[] = [];
  const work = async (piece: typeof mappings, check: boolean): Promise<string[]> => {
    calls.push(`${check ? 'look' : 'do'} ${piece.length}`);
    return check ? [] : piece.map(({ externalUser }) => externalUser);
  };
  expect(await workThrough('file.xml', mappings, work)).toHaveLength(12_000);
  expect(calls).toEqual(['look 5000', 'look 5000', 'look 2000', 'do 5000', 'do 5000', 'do 2000']);
  calls.length = 0;
  await workThrough('file.xml', mappings.slice(0, 3), work);
  expect(calls).toEqual(['do 3']);
});

test('a mistake in the last piece carries nothing out', async () => {
  let done = 0;
  const work = async (piece: typeof mappings, check: boolean): Promise<number[]> => {
    if (piece.length === 2000) throw new AppError('not_found', 'The domain has no account FABRIKAM\\nobody');
    if (!check) done += piece.length;
    return [];
  };
  await expect(workThrough('file.xml', mappings, work)).rejects.toThrow(/^The domain has no account/);
  expect(done).toBe(0);
});

test('what another hand or an outage ends in between says how far it came', async () => {
  let count = 0;
  const work = async (piece: typeof mappings, check: boolean): Promise<typeof mappings> => {
    if (check) return [];
    count += 1;
    if (count === 2) throw new AppError('unavailable', 'The service ended');
    return piece;
  };
  await expect(workThrough('file.xml', mappings, work)).rejects.toThrow(
    '5000 mappings of file.xml were carried out, the last 7000 were not: The service ended',
  );
});

test('a file has each account once where its application does', async () => {
  const [first, second] = [mappings[0], mappings[1]];
  if (first === undefined || second === undefined) throw new Error('Too few');
  const find = (type: 'individual' | 'group' | 'host-group') => async (name: string) =>
    ssoApplicationSchema.parse({ name, type });
  const sameWindows = [first, { ...second, windowsAccount: first.windowsAccount.toUpperCase() }];
  const sameExternal = [first, { ...second, application: 'sap', externalUser: first.externalUser }];
  await expect(requireOnce('f', sameWindows, find('individual'))).rejects.toThrow('11045');
  await expect(requireOnce('f', sameWindows, find('group'))).rejects.toThrow('11026');
  await requireOnce('f', sameWindows, find('host-group'));
  await expect(requireOnce('f', sameExternal, find('individual'))).rejects.toThrow('11046');
  await expect(requireOnce('f', sameExternal, find('host-group'))).rejects.toThrow('11046');
  await requireOnce('f', sameExternal, find('group'));
  expect(withoutRepeated([first, second, { ...first }])).toEqual([first, second]);
});
