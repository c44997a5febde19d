import { expect, test } from 'vitest';

import { refused } from '#test/refused.ts';

import { callers, openSsoWorld, type SsoWorld, setUpMapping } from '#test/sso-world.ts';

const minute = 60_000;

async function openWithTickets(): Promise<SsoWorld> {
  const world = await openSsoWorld();
  await setUpMapping(world, { name: 'SAP', allowTickets: true });
  world.setSystem({ allowTickets: true });
  return world;
}

async function redeem(
  world: SsoWorld,
  ticket: Uint8Array,
  sender?: string,
  caller = callers.applicationAdministrator,
) {
  const { fields } = await world.sso.tickets.redeem(caller, { application: 'SAP', ticket, sender });
  return fields.map(({ bytes }) => new TextDecoder().decode(bytes));
}

test('a ticket is redeemed for the credentials of its account, by an administrator', async () => {
  await using world = await openWithTickets();
  const ticket = await world.sso.tickets.issue(callers.jdoe);
  expect(await redeem(world, ticket, 'fabrikam\\JDOE')).toEqual(['Pa55word']);
  await expect(redeem(world, ticket, 'FABRIKAM\\jdoe', callers.mary)).rejects.toEqual(refused(11011));
  await expect(redeem(world, ticket, 'FABRIKAM\\mary')).rejects.toEqual(refused(10594));
});

test('who redeems without saying the sender is refused while system or application validates', async () => {
  await using world = await openWithTickets();
  const ticket = await world.sso.tickets.issue(callers.jdoe);
  await expect(redeem(world, ticket)).rejects.toEqual(refused(10541));
  world.setSystem({ validateTickets: false });
  await expect(redeem(world, ticket)).rejects.toEqual(refused(10542));
  const changes = { validateTickets: false };
  await world.sso.applications.update(callers.ssoAdministrator, [{ name: 'SAP', changes }]);
  expect(await redeem(world, ticket)).toEqual(['Pa55word']);
});

test('a ticket times out after the minutes of the application, or of the system', async () => {
  await using world = await openWithTickets();
  const update = (changes: object) =>
    world.sso.applications.update(callers.ssoAdministrator, [{ name: 'SAP', changes }]);
  const ticket = await world.sso.tickets.issue(callers.jdoe);
  await world.clock.move(2 * minute);
  expect(await redeem(world, ticket, 'FABRIKAM\\jdoe')).toEqual(['Pa55word']);
  await world.clock.move(1);
  await expect(redeem(world, ticket, 'FABRIKAM\\jdoe')).rejects.toEqual(refused(10544));
  await update({ ticketTimeout: 5 });
  expect(await redeem(world, ticket, 'FABRIKAM\\jdoe')).toEqual(['Pa55word']);
  await world.clock.move(4 * minute);
  await expect(redeem(world, ticket, 'FABRIKAM\\jdoe')).rejects.toEqual(refused(10544));
  await update({ timeoutTickets: false });
  expect(await redeem(world, ticket, 'FABRIKAM\\jdoe')).toEqual(['Pa55word']);
  expect(world.events()).toContain(10585);
});

test('what is no ticket, or an altered one, gives nothing', async () => {
  await using world = await openWithTickets();
  const ticket = await world.sso.tickets.issue(callers.jdoe);
  for (let at = 0; at < ticket.length; at += 7) {
    const altered = ticket.slice();
    altered[at] = (altered[at] ?? 0) ^ 1;
    await expect(redeem(world, altered, 'FABRIKAM\\jdoe')).rejects.toEqual(refused(10592));
  }
  await expect(redeem(world, new Uint8Array(0), 'FABRIKAM\\jdoe')).rejects.toEqual(refused(10593));
  await expect(redeem(world, new Uint8Array(4096), 'FABRIKAM\\jdoe')).rejects.toEqual(refused(10593));
});

test('a sealed credential is no ticket', async () => {
  await using world = await openWithTickets();
  const { mapping } = await world.sso.mappings.find({ application: 'SAP', windowsAccount: 'FABRIKAM\\jdoe' });
  const found = await world.sso.credentials.find(mapping, 'external');
  await expect(redeem(world, found?.stored.sealed ?? new Uint8Array(1), 'FABRIKAM\\jdoe')).rejects.toEqual(
    refused(10592),
  );
});

test('tickets are off in the system and in applications until they are allowed', async () => {
  await using world = await openWithTickets();
  const ticket = await world.sso.tickets.issue(callers.jdoe);
  const changes = { allowTickets: false };
  await world.sso.applications.update(callers.ssoAdministrator, [{ name: 'SAP', changes }]);
  await expect(redeem(world, ticket, 'FABRIKAM\\jdoe')).rejects.toEqual(refused(10540));
  world.setSystem({ allowTickets: false });
  await expect(redeem(world, ticket, 'FABRIKAM\\jdoe')).rejects.toEqual(refused(10539));
  await expect(world.sso.tickets.issue(callers.jdoe)).rejects.toEqual(refused(10539));
});

test('a ticket of an account that left the application is refused', async () => {
  await using world = await openWithTickets();
  const ticket = await world.sso.tickets.issue(callers.stranger);
  await expect(redeem(world, ticket, 'FABRIKAM\\mallory')).rejects.toEqual(refused(10596));
  const server = { ...world.settings };
  world.settings = { system: server.system, server: undefined, hostName: server.hostName };
  await expect(world.sso.tickets.issue(callers.local)).rejects.toEqual(refused(10545));
});
