import { expect, test } from 'vitest';

import {
  type ComputerFacts,
  createDomainControllerProof,
  type FindComputer,
} from '#channel/prove-domain-controller.ts';

import { FakeClock } from './fake-clock.ts';

const controller: ComputerFacts = {
  userAccountControl: 0x82000,
  primaryGroupId: 516,
  inDomainControllers: true,
  hasNameTwin: false,
};

function prover(findComputer: FindComputer, clock = new FakeClock()) {
  return createDomainControllerProof({ realm: 'fabrikam.lab', domain: 'FABRIKAM', findComputer, clock });
}

test('a writable domain controller is taken, and speaks for its domain', async () => {
  const prove = prover(async () => controller);
  await expect(prove('DC1$@FABRIKAM.LAB')).resolves.toEqual({
    principal: 'DC1$@FABRIKAM.LAB',
    account: 'DC1$',
    domain: 'FABRIKAM',
  });
});

test.each([
  ['a user', 'alice@FABRIKAM.LAB', controller],
  ['a service on a host', 'host/dc1.fabrikam.lab@FABRIKAM.LAB', controller],
  ['another realm', 'DC1$@NORTHWIND.LAB', controller],
  ['a realm in another case', 'DC1$@fabrikam.lab', controller],
  ['a name that hides a realm', 'DC1$@FABRIKAM.LAB@EVIL.LAB', controller],
  ['an unknown computer', 'DC1$@FABRIKAM.LAB', undefined],
  ['a computer in another container', 'DC1$@FABRIKAM.LAB', { ...controller, inDomainControllers: false }],
  ['a workstation', 'DC1$@FABRIKAM.LAB', { ...controller, userAccountControl: 0x1000, primaryGroupId: 515 }],
  [
    'a workstation in the group of controllers',
    'DC1$@FABRIKAM.LAB',
    { ...controller, userAccountControl: 0x1000 },
  ],
  [
    'a read-only controller',
    'DC1$@FABRIKAM.LAB',
    { ...controller, userAccountControl: 0x5001000, primaryGroupId: 521 },
  ],
  ['a disabled controller', 'DC1$@FABRIKAM.LAB', { ...controller, userAccountControl: 0x82002 }],
  ['a name that another account has too', 'DC1$@FABRIKAM.LAB', { ...controller, hasNameTwin: true }],
  ['attributes that did not read', 'DC1$@FABRIKAM.LAB', { ...controller, userAccountControl: Number.NaN }],
])('%s is refused with event 6914', async (_what, principal, facts) => {
  const prove = prover(async () => facts);
  await expect(prove(principal)).rejects.toMatchObject({ code: 'not-a-domain-controller', event: 6914 });
});

test('the answer of the directory counts for a minute', async () => {
  const clock = new FakeClock();
  let asked = 0;
  let facts: ComputerFacts | undefined = controller;
  const prove = prover(async () => {
    asked += 1;
    return facts;
  }, clock);
  await prove('DC1$@FABRIKAM.LAB');
  facts = undefined;
  clock.advance(59_999);
  await prove('DC1$@FABRIKAM.LAB');
  expect(asked).toBe(1);
  clock.advance(1);
  await expect(prove('DC1$@FABRIKAM.LAB')).rejects.toMatchObject({ event: 6914 });
  await expect(prove('DC1$@FABRIKAM.LAB')).rejects.toMatchObject({ event: 6914 });
  expect(asked).toBe(2);
});

test('a directory that does not answer refuses for now, and is asked again', async () => {
  let isDown = true;
  const prove = prover(async () => {
    if (isDown) throw new Error('no connection');
    return controller;
  });
  await expect(prove('DC1$@FABRIKAM.LAB')).rejects.toMatchObject({ code: 'not-proven' });
  isDown = false;
  await expect(prove('DC1$@FABRIKAM.LAB')).resolves.toMatchObject({ account: 'DC1$' });
});

test('callers at the same moment share one question', async () => {
  let asked = 0;
  const prove = prover(async () => {
    asked += 1;
    return controller;
  });
  await Promise.all(Array.from({ length: 50 }, () => prove('DC1$@FABRIKAM.LAB')));
  expect(asked).toBe(1);
});
