import { expect, test } from 'vitest';

import { probeKerberos, probeLdapBind } from '#lab/bind-probe.ts';
import { changeWays, passwordChanges } from '#lab/password-changes.ts';
import { activeDirectoryDn, directoryServer389Dn, initialPassword, openLdapDn, people } from '#lab/people.ts';
import { sharedLab } from '#test/shared-lab.ts';

const { samba, openldap, ds389 } = sharedLab();

test('every person can log on to all three servers', async () => {
  // Nobody else's: other tests change the passwords of other people.
  const some = people.slice(80, 90);
  const answers = await Promise.all(
    some.map(async (person) => ({
      account: person.account,
      samba: await probeLdapBind(samba, activeDirectoryDn(person, samba.baseDn), initialPassword(person)),
      openldap: await probeLdapBind(openldap, openLdapDn(person, openldap.peopleDn), initialPassword(person)),
      ds389: await probeLdapBind(
        ds389,
        directoryServer389Dn(person, ds389.peopleDn),
        initialPassword(person),
      ),
    })),
  );
  expect(answers).toEqual(some.map(({ account }) => ({ account, samba: true, openldap: true, ds389: true })));
});

test.each(changeWays)('a change by %s takes the old password away', async (way) => {
  const person = people[90 + changeWays.indexOf(way)];
  if (person === undefined) throw new Error('Too few people');
  const dn = activeDirectoryDn(person, samba.baseDn);
  const oldPassword = initialPassword(person);
  const newPassword = `Changed-by-${way}-1`;
  await passwordChanges[way](samba, { account: person.account, dn, oldPassword, newPassword });
  expect(await probeKerberos(samba, person.account, newPassword)).toBe(true);
  expect(await probeKerberos(samba, person.account, oldPassword)).toBe(false);
  expect(await probeLdapBind(samba, dn, newPassword)).toBe(true);
  expect(await probeLdapBind(samba, dn, oldPassword)).toBe(false);
});

test('a probe of a server that is not there is no answer', async () => {
  const nobody = { ldapsUrl: 'ldaps://ldap1.ldap.lab:9', caFile: openldap.caFile };
  await expect(probeLdapBind(nobody, openldap.serviceDn, 'x')).rejects.toThrow(/ended with 255/);
});
