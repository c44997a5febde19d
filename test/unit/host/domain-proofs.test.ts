import { expect, test } from 'vitest';

import { createDomainProofs, realmOf } from '#host/channel/domain-proofs.ts';
import { systemClock } from '#host/system-clock.ts';

test.each([
  ['DC=fabrikam,DC=lab', 'FABRIKAM.LAB'],
  ['dc=emea, dc=contoso, dc=com', 'EMEA.CONTOSO.COM'],
])('the realm of %s is %s', (dn, realm) => {
  expect(realmOf(dn)).toBe(realm);
});

test('a caller from a realm that is no source of this server is refused with event 6914', async () => {
  const proofs = createDomainProofs({
    agents: [],
    credential: () => Promise.reject(new Error('Nobody is asked')),
    clock: systemClock,
  });
  await expect(proofs.prove('DC1$@CONTOSO.COM')).rejects.toMatchObject({
    code: 'not-a-domain-controller',
    event: 6914,
  });
  await proofs.close();
});
